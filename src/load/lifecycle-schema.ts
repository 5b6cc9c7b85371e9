import { z } from 'zod';
import type { Tracker } from '../domain/distro.ts';
import { date, line } from './words.ts';

/** Of a release's life. */
export const lifecycle = z
  .strictObject({
    rolling: z.boolean().default(false).describe('never released as a whole: testing, unstable, Tumbleweed'),
    released: date.optional(),
    eol: date.optional().describe("the end of the distro's regular support"),
    lts: date.optional().describe('the end of its last free security support, where that is later'),
    source: line('where the dates were read'),
  })
  .superRefine(({ rolling, released, eol, lts }, context) => {
    const complain = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });

    if (rolling && (eol || lts)) {
      complain(eol ? 'eol' : 'lts', 'is a date that a rolling release does not have');
    }
    if (!rolling && !released) {
      complain('released', 'is missing');
    }
    if (released && eol && eol <= released) {
      complain('eol', `is not after the release on ${released}`);
    }
    if (eol && lts && lts <= eol) {
      complain('lts', `is not after the end of regular support on ${eol}`);
    }
  });

/** Where failures go. In each text `{package}` stands for the name of a package. */
export const tracker = z.strictObject({
  title: line("as people call it: Debian's bug tracker"),
  url: z
    .string()
    .regex(/^https:\/\/[^\s@]+$/, { error: 'must be an https URL, with {package} where the name belongs' })
    .describe('what is known of a package: https://bugs.debian.org/{package}'),
  report: line('a command that sends a report: reportbug {package}').optional(),
  maintainers: line('who mends a package: the maintainers of {package} in Debian').optional(),
});

export function trackerOf({ title, url, report, maintainers }: z.infer<typeof tracker>): Tracker {
  return { title, url, ...(report && { report }), ...(maintainers && { maintainers }) };
}
