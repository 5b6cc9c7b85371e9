import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { matrixOf } from '../domain/matrix.ts';
import { dayOf } from '../domain/run-day.ts';
import { printed } from '../domain/support.ts';
import { UserError } from '../errors.ts';
import { writeArtifacts } from '../publish/write-artifacts.ts';
import { consoleSummary } from '../report/console.ts';
import { type Format, formats, isFormat, render } from '../report/reports.ts';
import type { Context, Verb } from './context.ts';
import { type FoundRun, findRun, runsFolder } from './find-run.ts';

interface ReportOptions {
  readonly format: readonly Format[];
  readonly out?: string;
  readonly json?: true;
}

/** Journals → artifacts: no machine, no network. */
export const report: Verb = (context) =>
  new Command('report')
    .description('make the reports of a run again, from its journal alone')
    .argument('<run...>', 'an id below reports/runs, or a path')
    .option('--format <list>', `which reports, by commas: ${formats.join(', ')}`, parseFormats, formats)
    .option('--out <dir>', "write into DIR/RUN/ instead of the run's own folder")
    .option('--json', 'print one JSON value instead of the summary')
    .addHelpText(
      'after',
      `
Examples:
  katafarm report 20261121-2230-ab12                     the reports again, beside the journal
  katafarm report 20261121-2230-ab12 --format junit      only junit.xml
  katafarm report ./artifacts/RUN --out /tmp/reports     of a run that was made elsewhere`,
    )
    .action(async (refs: readonly string[], options: ReportOptions) => {
      const found: FoundRun[] = [];
      for (const ref of refs) {
        found.push(await findRun(context, ref, runsFolder(context)));
      }

      const done: object[] = [];
      for (const one of found) {
        done.push(await write(context, one, options));
      }
      if (options.json) {
        context.out(`${JSON.stringify(done, undefined, 2)}\n`);
      }
    });

async function write(context: Context, { folder, run }: FoundRun, options: ReportOptions): Promise<object> {
  const target = options.out === undefined ? folder : join(resolve(context.cwd, options.out), run.id);
  const artifacts = render(run, options.format);
  await writeArtifacts(target, artifacts);

  if (!options.json) {
    // The terminal that the context knows is stderr's; what goes to stdout may go to a file.
    const below = relative(context.cwd, folder);
    const shown = below.startsWith('..') ? folder : below || '.';
    context.out(consoleSummary(run, { color: false, columns: 0, folder: shown }));
  }

  const { releases } = matrixOf([run], { today: dayOf(run) });
  return {
    run: run.id,
    modified: run.modified,
    files: artifacts.map(({ path }) => join(target, path)),
    support: releases.flatMap(({ stacks }) => stacks.map((one) => ({ ...one, printed: printed(one) }))),
  };
}

function parseFormats(list: string): readonly Format[] {
  return list.split(',').map((word) => {
    const format = word.trim();
    if (!isFormat(format)) {
      throw new UserError(`cannot report as ${format}: --format takes ${formats.join(', ')}`);
    }
    return format;
  });
}
