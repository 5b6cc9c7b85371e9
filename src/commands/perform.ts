import { open, readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type Run, replay } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { installerOf } from '../install/install-kata.ts';
import { Journal } from '../journal/journal.ts';
import { parseJournal } from '../journal/parse.ts';
import { writeArtifacts } from '../publish/write-artifacts.ts';
import { consoleSummary, resumeOf } from '../report/console.ts';
import { formats, render } from '../report/reports.ts';
import { capacityOf, excessOf, weightOf } from '../run/capacity.ts';
import { diagnostics } from '../run/diagnostics.ts';
import { runPlan } from '../run/run-plan.ts';
import { toldAgainst } from './against.ts';
import type { Context } from './context.ts';
import { ensureFolder, ensureRoom } from './disk-room.ts';
import { exitOfRun } from './exit-of-run.ts';
import { holdRun } from './hold-run.ts';
import { availableMiB } from './host-facts.ts';
import { lastGreens } from './last-green.ts';
import { expectedFrom, loadHistory } from './load-history.ts';
import { cacheOf } from './provider-options.ts';
import type { Options, Sitting } from './sitting.ts';
import { sourcesAtHand } from './source-option.ts';
import { shownIn, summarizeStep } from './view/shown.ts';
import { watcherOf } from './view/watcher-of.ts';

/** Does a sitting's work and reports on the whole run; what came of it is in the run's folder. */
export async function perform(context: Context, sitting: Sitting, options: Options): Promise<Run> {
  const { folder, earlier, planned } = sitting;
  const journal = join(folder, 'journal.jsonl');
  const shown = shownIn(context);
  if (earlier && planned.plan.batches.length === 0) {
    context.err('nothing of this run is left to be done\n');
  } else {
    await sit(context, sitting, options, journal);
  }

  const finished = replay(parseJournal(await readFile(journal, 'utf8'), journal));
  const place = relative(context.cwd, folder);
  const { color } = context.terminal;
  const against = options.against && toldAgainst(finished, place, { color, columns: 0 });
  const artifacts = [...render(finished, formats), ...(against ? against.artifacts : [])];
  await writeArtifacts(folder, artifacts);
  await summarizeStep(context, against ? against.artifacts : artifacts, folder);
  const resume = resumeOf(finished, place || '.');
  if (options.json && resume) {
    context.err(`${resume}\n`);
  }
  if (!options.json && !(options.quiet && exitOfRun(finished, options) === 0)) {
    shown.out(against ? against.text : consoleSummary(finished, { color, columns: 0, folder: place }));
  }
  return finished;
}

async function sit(context: Context, sitting: Sitting, options: Options, path: string): Promise<void> {
  const { run, folder, opening, planned, earlier, images, remarks } = sitting;
  ensureFits(options);
  const sources = await sourcesAtHand(context, options);
  const cache = cacheOf(context);
  await ensureFolder(cache, 'KATAFARM_CACHE=DIR');
  await ensureRoom(cache, planned.plan.batches.filter(({ provider }) => provider !== 'ssh').length);
  await ensureFolder(folder, '--out DIR');
  const signal = options.timeout
    ? AbortSignal.any([context.signal, AbortSignal.timeout(options.timeout)])
    : context.signal;

  const history = await loadHistory(dirname(folder), run);
  const watched = { run, plan: planned.plan, expected: expectedFrom(history, planned.plan) };
  await using watcher = await watcherOf({ ...context, signal }, options, watched);
  await using _held = await holdRun(path);
  await ensureUnchanged(path, earlier);
  const echo = options.json && shownIn(context).json;
  await using journal = await Journal.open(path, context.now, open, echo);
  await journal.record(opening);
  watcher.noted(opening);
  for (const remark of [...remarks, `run ${run} in ${relative(context.cwd, folder) || '.'}`]) {
    watcher.said(remark);
  }
  await runPlan({
    run,
    folder,
    plan: planned.plan,
    earlier: earlier ?? { past: new Map(), known: images ?? new Map() },
    distros: planned.distros,
    scenarios: planned.scenarios,
    providers: planned.providers,
    capacity: { availableMiB, memoryMiB: options.memory, jobs: options.jobs },
    history,
    diagnostics,
    lastGreenOf: lastGreens(dirname(folder), run),
    katas: new Map(planned.katas.map((had) => [had.build.label ?? '', installerOf(had)])),
    keep: options.keep,
    retries: options.retries,
    pauseMs: 2_000,
    ...(sitting.overlay && { overlay: sitting.overlay }),
    sources,
    ...(options.prepare && { prepare: resolve(context.cwd, options.prepare) }),
    ...(options.prepareCold && { prepareCold: resolve(context.cwd, options.prepareCold) }),
    record: (note) => journal.record(note),
    watcher,
    signal,
  });
}

/** What was read before the journal was held must be all there is. Throws a UserError where another farm was quicker. */
async function ensureUnchanged(journal: string, earlier: Sitting['earlier']): Promise<void> {
  if (earlier && (await stat(journal)).size !== earlier.bytes) {
    throw new UserError(`cannot go on with ${journal}: another katafarm has just done so; say it once more`);
  }
}

/** Throws a UserError where what was allowed is less than one machine takes. */
function ensureFits({ memory, jobs }: Options): void {
  const whole = capacityOf(
    { cores: availableParallelism(), availableMiB: availableMiB() },
    { jobs, memoryMiB: memory },
  );
  const excess = (['cold', 'clone'] as const)
    .map((kind) => excessOf(weightOf(kind, false), whole))
    .find((one) => one !== undefined);
  if (excess !== undefined) {
    throw new UserError(excess);
  }
}
