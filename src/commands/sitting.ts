import { join } from 'node:path';
import type { Note } from '../domain/entry.ts';
import type { Batch } from '../domain/plan.ts';
import { remaining } from '../domain/remaining.ts';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import type { Overlay } from '../install/overlay/overlay.ts';
import type { RunRequest } from '../run/run-plan.ts';
import type { ExpectOptions } from './add-expect.ts';
import { chosenImages } from './add-image.ts';
import type { ShardChoice } from './add-shard.ts';
import { choiceOf, mannerOf } from './choice-of.ts';
import type { Context } from './context.ts';
import { findRun } from './find-run.ts';
import { hostFacts } from './host-facts.ts';
import { changedInputs, inputsOf } from './inputs.ts';
import { withKnownIssues } from './known-issues.ts';
import type { MachineOptions, OutputOptions, RunOptions, Selection } from './options.ts';
import { overlaidBy } from './overlaid-by.ts';
import { type Planned, plannedOf } from './planned.ts';
import { runId } from './run-id.ts';
import { repeatCommand, runStarted } from './run-started.ts';
import { changedKatas, ensureKatas } from './same-katas.ts';
import { shardOf } from './sharded.ts';
import { withMachines } from './ssh-machines.ts';

/** What is known from before, and how long the journal was that told it. */
type Earlier = NonNullable<RunRequest['earlier']> & { readonly bytes: number };

/** One stretch of work on a run: from its beginning, or from where an earlier one was ended. */
export interface Sitting {
  readonly run: string;
  readonly folder: string;
  readonly opening: Note;
  /** What is to be done in it. */
  readonly planned: Planned;
  readonly earlier?: Earlier;
  /** Of a run of its own: which images it takes, as facts of its batches. */
  readonly images?: Earlier['known'];
  /** Packages on top of its releases. */
  readonly overlay?: Overlay;
  /** What the user should know of it first. */
  readonly remarks: readonly string[];
}

export type Options = Selection & MachineOptions & RunOptions & OutputOptions & ExpectOptions & ShardChoice;

/** A sitting, and the options that hold in it. */
interface Chosen {
  readonly sitting: Sitting;
  readonly options: Options;
}

/** A run of its own. */
export async function beginning(
  context: Context,
  given: readonly string[],
  chosen: Options,
): Promise<Chosen> {
  const run = runId(context.now());
  const { words, options } = await withMachines(context, given, chosen);
  const whole = await plannedOf(context, words, options, options.dryRun ? 'look' : 'have');
  const inputs = await inputsOf(whole.distros, whole.scenarioFolders);
  const { planned, part } = await shardOf(context, whole, options);
  const command = repeatCommand(words, options);
  const started = {
    ...runStarted(run, await hostFacts(), planned, command, options, inputs),
    ...(part && { part }),
  };
  const opening = await withKnownIssues(context, started, planned.plan, options);
  const images = await chosenImages(context, options, planned);
  const overlay = await overlaidBy(context, options, planned.distros);
  const own = { run, folder: join(options.out, run), opening, planned, images, ...(overlay && { overlay }) };
  return { sitting: { ...own, remarks: [] }, options };
}

/**
 * Goes on with a run: the old plan, less what is settled and has a finding where it failed, as its own command line chose
 * it. What has changed since is said and recorded. Throws a UserError for a run that can't be gone on with.
 */
export async function goingOn(
  context: Context,
  words: readonly string[],
  given: Options,
  ref: string,
): Promise<Chosen> {
  if (words.length > 0) {
    throw new UserError(`cannot choose releases of a run that has its own: leave out ${words.join(' ')}`);
  }
  const { run, folder, bytes } = await findRun(context, ref, given.out);
  const script = changing.find((option) => run.command.includes(option));
  if (script) {
    throw new UserError(`cannot go on with ${ref}: its machines were changed by ${script}; begin a new run`);
  }

  const { source = {} } = mannerOf(run.command);
  const options = {
    ...{ ...given, ...choiceOf(run.command), source: { ...source, ...given.source } },
    ...(given.mirror && { mirror: given.mirror }),
  };
  const batches = remaining(run);
  const touched = batches.map((one) => ({ ...one, cells: [...one.cells, ...(one.undiagnosed ?? [])] }));
  const releases = batches.map(({ distro }) => distro);
  const fresh = await plannedOf(context, releases, options, 'have');
  const planned = { ...fresh, plan: { ...run.plan, batches }, starved: [] };
  ensureKatas(touched, planned, ref);
  const host = await hostFacts();
  const inputs = await inputsOf(planned.distros, planned.scenarioFolders);
  const changed = [...changedInputs(run.inputs, inputs, touched), ...changedKatas(run, planned)];
  const sameHost = JSON.stringify(run.host) === JSON.stringify(host);
  return {
    options,
    sitting: {
      run: run.id,
      folder,
      opening: { type: 'run-resumed', host, changed },
      planned,
      earlier: { bytes, ...(sameHost ? { past: run.results, known: run.batchFacts } : elsewhere(run)) },
      remarks: [
        `going on with ${run.id}: ${countOf(batches)} of ${countOf(run.plan.batches)} cells are left`,
        ...toBeLookedInto(countOf(touched) - countOf(batches)),
        ...(sameHost ? [] : ['this host is not as it was: what it can do is measured anew']),
        ...changed.map((id) => `${id} was changed since; this run will never be published`),
      ],
    },
  };
}

/** Options that put something into machines that may not be the same by now. */
const changing = ['--prepare', '--prepare-cold', '--with-package', '--with-repo', '--enable-repo'];

/** What holds on another host as well: the image, and what kind of machines there were; how long anything took does not. */
function elsewhere({ results, batchFacts }: Run): Omit<Earlier, 'bytes'> {
  const past = [...results].map(([id, result]) => [id, { ...result, timings: {} }] as const);
  const known = [...batchFacts].map(([id, facts]) => {
    const kept = ['image.digest', 'accelerator'].flatMap((key) => {
      const value = facts[key];
      return value === undefined ? [] : [[key, value] as const];
    });
    return [id, Object.fromEntries(kept)] as const;
  });
  return { past: new Map(past), known: new Map(known) };
}

const countOf = (batches: readonly Batch[]) => batches.flatMap(({ cells }) => cells).length;

function toBeLookedInto(count: number): readonly string[] {
  const failures = count === 1 ? '1 failure is' : `${count} failures are`;
  return count > 0 ? [`${failures} still to be looked into`] : [];
}
