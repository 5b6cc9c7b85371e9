import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { dateOf } from '../domain/days.ts';
import type { Run } from '../domain/run.ts';
import { printed } from '../domain/support.ts';
import { publish as publishRuns } from '../publish/publish.ts';
import type { Verb } from './context.ts';
import { findRun, runsFolder } from './find-run.ts';
import { publishedPages } from './published-pages.ts';

/** The only writer of what people read. */
export const publish: Verb = (context) =>
  new Command('publish')
    .description(
      'fold runs into the published support matrix: matrix.json, SUPPORT.md and all that docs writes',
    )
    .argument('<run...>', 'an id below reports/runs, or a path')
    .option('--out <dir>', 'the folder that is published, instead of reports')
    .option('--json', 'print one JSON value instead of lines')
    .addHelpText(
      'after',
      `
What was published before and is not in these runs stays, until it is too old to say anything.
A run that was modified by hand (--prepare, --distros, --scenarios) is refused.

Examples:
  katafarm publish 20261121-2230-ab12                    one run
  katafarm publish reports/runs/*                        everything there is`,
    )
    .action(async (refs: readonly string[], options: { readonly out?: string; readonly json?: true }) => {
      const runs: Run[] = [];
      for (const ref of refs) {
        runs.push((await findRun(context, ref, runsFolder(context))).run);
      }

      const folder =
        options.out === undefined ? join(context.root, 'reports') : resolve(context.cwd, options.out);
      const today = dateOf(context.now().toISOString());
      const pages = await publishedPages(context);
      const { releases, remarks } = await publishRuns(runs, { folder, pages, today });
      for (const remark of remarks) {
        context.err(`katafarm: something may be missing: ${remark}\n`);
      }

      if (options.json) {
        const words = releases.map(({ distro, headline }) => ({
          release: distro.id,
          word: printed(headline),
        }));
        context.out(`${JSON.stringify({ folder, releases: words }, undefined, 2)}\n`);
        return;
      }
      for (const { distro, headline } of releases) {
        context.out(`${distro.id}  ${printed(headline)}\n`);
      }
      context.out(`written: ${join(folder, 'SUPPORT.md')}, ${join(folder, 'matrix.json')}\n`);
    });
