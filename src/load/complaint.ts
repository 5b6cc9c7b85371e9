import { z } from 'zod';
import { hintOf, nearest } from './nearest.ts';

/** What is wrong, and where: at a value, at a key of a mapping, or at a mapping that lacks something. */
export interface Complaint {
  readonly place: 'value' | 'key' | 'parent';
  /** To the value or the key itself, even where it is missing. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of an unknown key: the one that was likely meant. */
  readonly meant?: string | undefined;
}

/** Tells a schema's issues in words, each with the nearest right word. `input` is what was checked. */
export function complaintsOf(error: z.ZodError, schema: z.ZodType, input: unknown): readonly Complaint[] {
  const complaints = error.issues.flatMap((issue) => explain(issue, schema, input));
  const spelt = complaints.flatMap(({ path, meant }) => (meant ? nameOf([...path.slice(0, -1), meant]) : []));

  // A misspelt key is missing as well: once is enough.
  return complaints.filter(({ place, path }) => place !== 'parent' || !spelt.includes(nameOf(path)));
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown): readonly Complaint[] {
  const { path } = issue;
  const name = nameOf(path);
  const value = path.reduce<unknown>(childOf, input);

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const free = freeKeys(schema, path, value);
        const message = `unknown key "${key}"; ${hintOf(key, free)}`;
        return { place: 'key', path: [...path, key], message, meant: nearest(key, free) };
      });

    case 'invalid_union':
      return closest(issue.errors).flatMap((inner) =>
        explain({ ...inner, path: [...path, ...inner.path] } as z.core.$ZodIssue, schema, input),
      );

    default:
      if (value === undefined && path.length > 0) {
        const message = issue.message.startsWith('is missing') ? issue.message : 'is missing';
        return [{ place: 'parent', path, message: `"${name}" ${message}` }];
      }
      return [{ place: 'value', path, message: `${name && `"${name}" `}${wording(issue, value)}` }];
  }
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
};

function wording(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
    case 'invalid_value':
      return typeof value === 'string'
        ? `cannot be "${value}"; ${hintOf(value, issue.values.map(String))}`
        : `must be ${issue.values.map((word) => JSON.stringify(word)).join(' or ')}, not ${kindOf(value)}`;
    case 'too_small':
      return issue.origin === 'number' ? `must be more than ${issue.minimum}` : 'must not be empty';
    default:
      return issue.message;
  }
}

/** Of the ways in which a value could have been right, the one with the least to complain of. */
function closest(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const weight = (issues: readonly z.core.$ZodIssue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

  return branches.toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
}

/** The keys that a mapping at this path may still get. */
function freeKeys(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): readonly string[] {
  const taken = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  let places = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema];

  for (const step of path) {
    places = places
      .flatMap(alternatives)
      .flatMap((place) => place.properties?.[String(step)] ?? place.items ?? []);
  }
  const known = places.flatMap(alternatives).flatMap((place) => Object.keys(place.properties ?? {}));
  return [...new Set(known)].filter((key) => !taken.includes(key));
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf ?? [schema];
}

function childOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return 'empty';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  return typeof value === 'object' ? 'a mapping' : String(value);
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.join('.');
}
