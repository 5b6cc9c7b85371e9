import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Note } from '../domain/entry.ts';
import type { Batch } from '../domain/plan.ts';
import { remaining } from '../domain/remaining.ts';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import type { RunRequest } from '../run/run-plan.ts';
import type { Context } from './context.ts';
import { findRun } from './find-run.ts';
import { hostFacts } from './host-facts.ts';
import { changedInputs, inputsOf } from './inputs.ts';
import {
  addMachines,
  addSelection,
  type MachineOptions,
  type OutputOptions,
  type RunOptions,
  type Selection,
} from './options.ts';
import { type Planned, plannedOf } from './planned.ts';
import { repeatCommand, runStarted } from './run-started.ts';
import { changedKatas, ensureKatas } from './same-katas.ts';

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
  /** What the user should know of it first. */
  readonly remarks: readonly string[];
}

export type Options = Selection & MachineOptions & RunOptions & OutputOptions;

/** A sitting, and the options that hold in it. */
interface Chosen {
  readonly sitting: Sitting;
  readonly options: Options;
}

/** A run of its own. */
export async function beginning(
  context: Context,
  words: readonly string[],
  options: Options,
): Promise<Chosen> {
  const run = runId(context.now());
  const planned = await plannedOf(context, words, options, options.dryRun ? 'look' : 'have');
  const inputs = await inputsOf(planned.distros, planned.scenarioFolders);
  const command = repeatCommand(words, options);
  const opening = runStarted(run, await hostFacts(), planned, command, options, inputs);
  return { sitting: { run, folder: join(options.out, run), opening, planned, remarks: [] }, options };
}

/**
 * Goes on with a run: the old plan, less what is settled, as its own command line chose it. What has changed since is
 * said and recorded. Throws a UserError for a run that can't be gone on with.
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
  if (run.command.includes('--prepare')) {
    throw new UserError(`cannot go on with ${ref}: its machines were changed by --prepare; begin a new run`);
  }

  const options = { ...given, ...choiceOf(run), ...(given.mirror && { mirror: given.mirror }) };
  const batches = remaining(run);
  const releases = batches.map(({ distro }) => distro);
  const fresh = await plannedOf(context, releases, options, 'have');
  const planned = { ...fresh, plan: { ...run.plan, batches }, starved: [] };
  ensureKatas(batches, planned, ref);
  const host = await hostFacts();
  const inputs = await inputsOf(planned.distros, planned.scenarioFolders);
  const changed = [...changedInputs(run.inputs, inputs, batches), ...changedKatas(run, planned)];
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
        ...(sameHost ? [] : ['this host is not as it was: what it can do is measured anew']),
        ...changed.map((id) => `${id} was changed since; this run will never be published`),
      ],
    },
  };
}

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

/** What its command line chose, read again. */
function choiceOf({ command }: Run): Selection & MachineOptions {
  const reader = addMachines(addSelection(new Command('run')))
    .argument('[distro...]')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return reader.parse([...command], { from: 'user' }).opts();
}

const countOf = (batches: readonly Batch[]) => batches.flatMap(({ cells }) => cells).length;

/** `20261121-223803-4f1c`: sorts by time, and two farms in one second differ. */
function runId(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
