import { open, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { exitCodeOf } from '../domain/exit-code.ts';
import { type Run, replay } from '../domain/run.ts';
import { Journal } from '../journal/journal.ts';
import { parseJournal } from '../journal/parse.ts';
import { writeArtifacts } from '../publish/write-artifacts.ts';
import { consoleSummary } from '../report/console.ts';
import { formats, render } from '../report/reports.ts';
import { runPlan } from '../run/run-plan.ts';
import type { Context } from './context.ts';
import { ensureFolder, ensureRoom } from './disk-room.ts';
import { holdRun } from './hold-run.ts';
import { availableMiB } from './host-facts.ts';
import { expectedFrom, loadHistory } from './load-history.ts';
import { cacheOf } from './provider-options.ts';
import type { Options, Sitting } from './sitting.ts';
import { shownIn, summarizeStep } from './view/shown.ts';
import { watcherOf } from './view/watcher-of.ts';

/** Does a sitting's work and reports on the whole run; what came of it is in the run's folder. */
export async function perform(context: Context, sitting: Sitting, options: Options): Promise<Run> {
  const { run, folder, opening, planned, earlier, remarks } = sitting;
  const cache = cacheOf(context);
  await ensureFolder(cache, 'KATAFARM_CACHE=DIR');
  await ensureRoom(cache, planned.plan.batches.length);
  await ensureFolder(folder, '--out DIR');
  const signal = options.timeout
    ? AbortSignal.any([context.signal, AbortSignal.timeout(options.timeout)])
    : context.signal;

  const shown = shownIn(context);
  const journalPath = join(folder, 'journal.jsonl');
  {
    const history = await loadHistory(options.out, run);
    const watched = { run, plan: planned.plan, expected: expectedFrom(history, planned.plan) };
    await using watcher = await watcherOf({ ...context, signal }, options, watched);
    await using _held = await holdRun(journalPath);
    await using journal = await Journal.open(journalPath, context.now, open, options.json && shown.json);
    await journal.record(opening);
    watcher.noted(opening);
    for (const remark of [...remarks, `run ${run} in ${relative(context.cwd, folder)}`]) {
      watcher.said(remark);
    }
    await runPlan({
      run,
      folder,
      plan: planned.plan,
      ...(earlier && { earlier }),
      distros: planned.distros,
      scenarios: planned.scenarios,
      providers: planned.providers,
      capacity: { availableMiB, memoryMiB: options.memory, jobs: options.jobs },
      history,
      keep: options.keep,
      retries: options.retries,
      pauseMs: 2_000,
      ...(options.prepare && { prepare: resolve(context.cwd, options.prepare) }),
      record: (note) => journal.record(note),
      watcher,
      signal,
    });
  }

  const finished = replay(parseJournal(await readFile(journalPath, 'utf8'), journalPath));
  const artifacts = render(finished, formats);
  await writeArtifacts(folder, artifacts);
  await summarizeStep(context, artifacts, folder);
  if (!options.json && !(options.quiet && exitCodeOf(finished, options) === 0)) {
    const { color } = context.terminal;
    shown.out(consoleSummary(finished, { color, columns: 0, folder: relative(context.cwd, folder) }));
  }
  return finished;
}
