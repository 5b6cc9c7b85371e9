import { z } from 'zod';
import { type KnownIssue, patternOf } from '../domain/known-issue.ts';
import { isRange } from '../domain/version.ts';
import { packageName } from './image-schema.ts';

const range = z.string().refine(isRange, { error: 'must be a range of versions: ">=1:7.2 <1:8"' });
const globs = z.array(z.string().regex(/^\S+$/, { error: 'must be a glob: kata.*' })).min(1);
const date = z.iso.date({ error: 'must be a date like 2026-11-22', abort: true });

/**
 * A known issue as people write it. `green`: lines of green cells; a pattern that matches one is refused, as it would
 * excuse whatever fails.
 */
export function knownIssueFile(green: Iterable<string> = []) {
  const lines = [...green];
  return z
    .strictObject({
      title: z.string().trim().min(1).describe('what is wrong, in a sentence'),
      class: z
        .string()
        .regex(/^[a-z][a-z0-9-]*$/, { error: "must be a failure's class: vmm-exited" })
        .describe('the kind of failure, as a scenario or a finding names it'),
      evidence: z
        .string()
        .min(1)
        .describe("a regular expression; one line of the failure's message, detail or evidence has to match")
        .superRefine((text, context) => {
          const wrong = faultOf(text, lines);
          if (wrong) {
            context.addIssue({ code: 'custom', message: wrong });
          }
        }),
      kata: range.optional().describe('releases of Kata: ">=4.0.0 <5.0.0"; any, unless given'),
      packages: z
        .record(packageName, range)
        .default({})
        .describe('ranges by package, as the distro counts its versions: virtiofsd: "<1.14"'),
      scope: z
        .strictObject({ releases: globs, stacks: globs, scenarios: globs })
        .describe('globs over releases, stacks and scenarios: [debian-*], [qemu], [kata.*]'),
      tracker: z.url({ protocol: /^https$/, error: 'must be an address that begins with https://' }),
      confirmed: date.describe('when somebody last saw that it is still so'),
      expires: date.describe('after this day it excuses nothing any more'),
    })
    .superRefine(({ confirmed, expires }, context) => {
      if (expires <= confirmed) {
        const message = `is not after it was confirmed on ${confirmed}`;
        context.addIssue({ code: 'custom', path: ['expires'], message });
      }
    })
    .meta({ title: 'A known issue, as katafarm reads it' });
}

type KnownIssueFile = z.infer<ReturnType<typeof knownIssueFile>>;

/** The issue that a checked file tells of. */
export function knownIssueOf(id: string, { kata, ...file }: KnownIssueFile): KnownIssue {
  return { id, ...file, ...(kata !== undefined && { kata }) };
}

/** The schema as editors read it: the text of `distros/known-issues/known-issue.schema.json`. */
export function knownIssueJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(knownIssueFile(), { io: 'input' }), null, 2)}\n`;
}

function faultOf(evidence: string, green: readonly string[]): string | undefined {
  let pattern: RegExp;
  try {
    pattern = patternOf({ evidence });
  } catch (error) {
    return `is no regular expression: ${(error as Error).message}`;
  }
  const line = green.find((candidate) => pattern.test(candidate));
  if (line === undefined) {
    return undefined;
  }
  return line === ''
    ? 'matches nothing at all, and so every failure: name what only this one says'
    : `matches what green cells say: ${JSON.stringify(line.slice(0, 120))}; name what only this failure says`;
}
