import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Complaint, complaintsOf } from './complaint.ts';

/** What came of checking a file: its value, or what is wrong, each as `file:line:column message`. */
export type Parsed<T> = { readonly value: T } | { readonly complaints: readonly string[] };

/** How a file's text is less than the whole of what is checked. */
export interface Reading {
  /** What is checked in place of the file's own values: those of a parent are added to them. */
  readonly whole?: (input: unknown) => unknown;
  /** Where in the file a value may stand in place of its own path: `on`, `arm64`. */
  readonly under?: readonly PropertyKey[];
}

/** Text in, a checked value out. `file` is only named. */
export function parseYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  { whole = (input) => input, under = [] }: Reading = {},
): Parsed<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number, message: string) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)} ${message}`;
  };

  if (document.errors.length > 0) {
    return {
      complaints: document.errors.map(({ pos, message }) => at(pos[0], `cannot read the YAML: ${message}`)),
    };
  }

  const input = inputOf(document);
  if (input instanceof ReferenceError) {
    return { complaints: [at(0, `cannot read the YAML: ${input.message}`)] };
  }
  if (input === null) {
    return { complaints: [at(0, 'the file is empty')] };
  }

  const checked = whole(input);
  const result = schema.safeParse(checked);
  if (result.success) {
    return { value: result.data };
  }

  const found = complaintsOf(result.error, schema, checked).map((complaint) => ({
    offset: placeOf(document, complaint, under),
    message: complaint.message,
  }));
  return {
    complaints: found
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => at(offset, message)),
  };
}

/** Aliases are followed only here: one without an anchor, or too many of them, is a ReferenceError. */
function inputOf(document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) {
      return error;
    }
    throw error;
  }
}

/** Of two places that a value may have in a file, the one where it stands. */
function placeOf(document: Document, complaint: Complaint, under: readonly PropertyKey[]): number {
  const path = [...under, ...complaint.path];
  return under.length > 0 && document.hasIn(path)
    ? offsetOf(document, { ...complaint, path })
    : offsetOf(document, complaint);
}

function offsetOf(document: Document, { place, path }: Complaint): number {
  if (place === 'key') {
    return keyOffset(document, path) ?? 0;
  }

  // What is missing has no place of its own: its nearest ancestor's key stands for it.
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) {
      const ownKey = depth < path.length ? keyOffset(document, path.slice(0, depth)) : undefined;
      return ownKey ?? node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) {
    return undefined;
  }

  const key = parent.items
    .map((pair) => pair.key)
    .find((node) => isScalar(node) && node.value === path.at(-1));
  return isNode(key) ? key.range?.[0] : undefined;
}
