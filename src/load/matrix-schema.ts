import { z } from 'zod';
import { archs } from '../domain/arch.ts';
import { bases } from '../domain/evidence.ts';
import { stacks } from '../domain/stack.ts';
import { type BehindStatus, words } from '../domain/support.ts';
import { evidenceSchema } from './evidence-schema.ts';

/** How an object takes keys that it does not name: `loose` as the published schema, as later katafarms may add some. */
export type Objects = 'loose' | 'strict';

/** Makes schemas of objects. */
export type ObjectOf = <T extends z.ZodRawShape>(shape: T) => z.ZodObject<T>;

const behindStatuses = [
  ...(['passed', 'failed', 'errored', 'blocked', 'skipped'] as const),
  ...(['flaky', 'missing', 'unplanned'] as const),
] satisfies readonly BehindStatus[];

/** What matrix.json is, version 1. `strict` refuses whatever is not described here. */
export function matrixSchema(objects: Objects = 'loose') {
  const object: ObjectOf = (shape) =>
    (objects === 'loose' ? z.looseObject(shape) : z.strictObject(shape)) as never;
  const date = z.iso.date();
  const basis = z.enum(bases);
  const word = z.enum(words);
  const stack = z.enum(stacks.map(({ id }) => id));
  const facts = z.record(z.string(), z.union([z.string(), z.number()]));
  const { glance, cellId, issue, finding, line } = evidenceSchema(object);

  const behind = object({
    cell: cellId,
    optional: z.literal(true).optional().describe('not required for the word'),
    status: z.enum(behindStatuses),
    observed: object(glance).optional(),
    newer: object({ ...glance, status: z.enum(behindStatuses) }).optional(),
  });

  const support = object({
    printed: line.describe('the word as people read it: capable (emulated, outdated)'),
    release: line,
    stack,
    word: word.describe('the word by policy'),
    tested: word.optional().describe('of a release past its end: what its cells say'),
    was: word.optional().describe('what a word was before it became too old'),
    reason: z.string(),
    cell: cellId.optional().describe('the cell that decided'),
    basis: basis.optional(),
    newest: date.optional(),
    oldest: date.optional(),
    age: z.enum(['fresh', 'ageing', 'stale']).optional(),
    outdated: z.array(z.string()).optional(),
    versions: facts,
    behind: z.array(behind),
  });

  const release = object({
    id: line.describe(`RELEASE or RELEASE@ARCH (${archs.join(', ')})`),
    title: line,
    rolling: z.boolean(),
    eol: date.optional(),
    notes: z.array(z.string()),
    headline: line.describe('the best of its stacks, as people read it'),
    versions: facts,
    stacks: z.array(support),
  });

  return object({
    version: z
      .literal(1)
      .describe('of this format: a key that goes, or means something else, makes a new one'),
    policy: z.number().int().describe('version of the policy that the words are made by'),
    asOf: date.describe('the day that ages are counted to'),
    modified: z.array(z.string()).optional().describe('of one run: what in it was somebody’s own'),
    releases: z.array(release),
    findings: z
      .array(object({ cell: cellId, finding }))
      .optional()
      .describe('of one run: whose fault each failure is'),
    issues: z.array(issue).optional(),
    evidence: evidenceSchema(object).evidence,
  }).meta({ title: "katafarm's support matrix" });
}

/** The JSON Schema of matrix.json, as text. */
export function matrixJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(matrixSchema()), undefined, 2)}\n`;
}
