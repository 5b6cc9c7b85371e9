import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { dateOf } from '../domain/days.ts';
import type { FreshExhibit } from '../domain/exhibit.ts';
import type { Run } from '../domain/run.ts';
import { printed } from '../domain/support.ts';
import { UserError } from '../errors.ts';
import { readChronicleAt } from '../publish/chronicle-store.ts';
import { type PublishedMatrix, publish as publishRuns } from '../publish/publish.ts';
import { redactor } from '../report/redact.ts';
import { redactedRun } from '../report/redacted-run.ts';
import type { Verb } from './context.ts';
import { findRun, runsFolder } from './find-run.ts';
import { homeOf } from './folders.ts';
import { gatherExhibits } from './gather-exhibits.ts';
import { folders } from './parsers.ts';
import { privateFacts } from './private-facts.ts';
import { publishedPages } from './published-pages.ts';

/** The only writer of what people read. */
export const publish: Verb = (context) =>
  new Command('publish')
    .description(
      'fold runs into the published support matrix: matrix.json, history/, evidence/, SUPPORT.md and all that docs writes',
    )
    .argument('[run...]', 'an id below reports/runs, or a path')
    .option('--out <dir>', 'the folder that is published, instead of reports')
    .option('--history <dir>', "fold another published folder's history in as well; can be repeated", folders)
    .option('--json', 'print one JSON value instead of lines')
    .addHelpText(
      'after',
      `
What was published before and is not in these runs stays, until it is too old to say anything. How each cell came out,
night after night, is kept for good in history/ of the published folder: text, a file a release (docs/history.md). Two
that were published apart become one by --history, in any order. Of reds that count, evidence/ has the reasoning,
transcript and console of their last attempt, until they are green. Nothing that cells said is published with names,
folders, addresses or secrets of this host.
A run that was modified by hand (--prepare, --distros, --scenarios, --source FILE) is refused.

Examples:
  katafarm publish 20261121-2230-ab12                    one run
  katafarm publish reports/runs/*                        everything there is
  katafarm publish --history /mnt/elsewhere/reports      the nights of another farm, or of the other side of a merge`,
    )
    .action(async (refs: readonly string[], options: Options) => {
      if (refs.length === 0 && !options.history) {
        throw new UserError('cannot publish nothing: name runs, or a history to fold in: --history DIR');
      }
      const runs: Run[] = [];
      const exhibits: FreshExhibit[] = [];
      for (const ref of refs) {
        const found = await findRun(context, ref, runsFolder(context));
        const redact = redactor(privateFacts(context, { folder: found.folder, command: found.run.command }));
        const run = redactedRun(found.run, redact);
        runs.push(run);
        exhibits.push(...(await gatherExhibits({ run, folder: found.folder }, redact)));
      }

      const folder =
        options.out === undefined ? join(homeOf(context), 'reports') : resolve(context.cwd, options.out);
      const today = dateOf(context.now().toISOString());
      const pages = await publishedPages(context);
      const histories = await Promise.all(
        (options.history ?? []).map((place) => readChronicleAt(resolve(context.cwd, place))),
      );
      const published = await publishRuns(runs, { folder, pages, today, histories, exhibits });
      const { releases, remarks, history } = published;
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
      context.out(`${historyWords(history)}\n`);
    });

interface Options {
  readonly out?: string;
  readonly history?: readonly string[];
  readonly json?: true;
}

function historyWords({ runs, begun }: PublishedMatrix['history']): string {
  const runsIn = (count: number) => (count === 1 ? '1 run' : `${count} runs`);
  if (begun === undefined) {
    return `history: ${runsIn(runs)}`;
  }
  return begun === 0
    ? `history begins now: ${runsIn(runs)}`
    : `history begins with what matrix.json told of ${runsIn(begun)}: ${runsIn(runs)}`;
}
