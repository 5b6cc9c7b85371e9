import { z } from 'zod';
import { UserError } from '../errors.ts';
import { hintOf } from '../load/nearest.ts';
import { parseYaml } from '../load/parse-yaml.ts';
import { targetIn } from '../machine/ssh-target.ts';

/** What a user has said once for all calls. Paths as they stand in the file. */
export interface SettingsFile {
  readonly mirror?: string | undefined;
  readonly cache?: string | undefined;
  readonly out?: string | undefined;
  /** Machines that exist: `[USER@]HOST[:PORT]` by release. */
  readonly ssh: Readonly<Record<string, string>>;
}

/** Checks a file's text. Throws one UserError with every complaint, each with its line. */
export function readSettings(file: string, text: string, releases?: readonly string[]): SettingsFile {
  const parsed = parseYaml<SettingsFile>(file, text, schemaFor(releases));
  if ('complaints' in parsed) {
    throw new UserError(`cannot use the settings in ${file}:\n  ${parsed.complaints.join('\n  ')}`);
  }
  return parsed.value;
}

/** `releases`: those that there are, where that is known. */
function schemaFor(releases: readonly string[] | undefined) {
  const machine = z.string().refine((text) => targetIn(text) !== undefined, {
    error: 'must be a machine as ssh takes it: [USER@]HOST[:PORT], as in root@build-1',
  });
  const path = z.string().trim().min(1);
  return z
    .strictObject({
      mirror: z
        .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
        .optional(),
      cache: path.optional(),
      out: path.optional(),
      ssh: z.record(z.string(), machine).default({}),
    })
    .superRefine(({ ssh }, context) => {
      const strange = Object.keys(ssh).filter((release) => releases && !releases.includes(release));
      for (const release of strange) {
        const message = `is no release; ${hintOf(release, releases ?? [])}`;
        context.addIssue({ code: 'custom', path: ['ssh', release], message });
      }
    });
}
