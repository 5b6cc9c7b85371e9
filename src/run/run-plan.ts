import { availableParallelism } from 'node:os';
import type { Distro } from '../domain/distro.ts';
import type { Note } from '../domain/entry.ts';
import { orderBatches, ranksOf } from '../domain/order.ts';
import type { Plan } from '../domain/plan.ts';
import type { Provider } from '../machine/machine.ts';
import type { LoadedScenario } from '../scenario.ts';
import { capacityOf, mostOf, weightOf } from './capacity.ts';
import type { Farm } from './farm.ts';
import { Slots } from './slots.ts';
import { work } from './work.ts';

/** What earlier sittings of a run came to. */
type Earlier = Pick<Farm, 'past' | 'known'>;

export interface RunRequest
  extends Pick<
    Farm,
    | 'diagnostics'
    | 'run'
    | 'folder'
    | 'history'
    | 'katas'
    | 'keep'
    | 'lastGreenOf'
    | 'retries'
    | 'pauseMs'
    | 'prepare'
    | 'prepareCold'
    | 'overlay'
    | 'sources'
    | 'record'
    | 'watcher'
    | 'signal'
  > {
  readonly plan: Plan;
  /** Missing: it begins. */
  readonly earlier?: Earlier;
  readonly distros: readonly Distro[];
  readonly scenarios: readonly LoadedScenario[];
  readonly providers: readonly Provider[];
  readonly capacity: {
    /** Memory that new processes may take now. */
    readonly availableMiB: () => number;
    readonly memoryMiB?: number | undefined;
    readonly jobs?: number | undefined;
    /** Between two starts; what suits the host unless given. */
    readonly gapMs?: number;
  };
}

/**
 * Runs a plan to its end, or to an interruption; either way the journal says how it ended, and nothing of it is left
 * on the host. Rejects only when the journal can't be written or the farm is at fault.
 */
export async function runPlan(request: RunRequest): Promise<void> {
  const { plan, providers, capacity, watcher, signal } = request;
  for (const provider of providers) {
    for (const left of await provider.reap()) {
      watcher.said(`removed what a dead run left: ${left}`);
    }
  }

  // What goes wrong for good in one batch, an unwritable journal say, ends the others as well.
  const stop = new AbortController();
  const over = AbortSignal.any([signal, stop.signal]);
  const cores = availableParallelism();
  const whole = capacityOf({ cores, availableMiB: capacity.availableMiB() }, capacity);
  const slots = new Slots({ ...whole, gapMs: capacity.gapMs ?? whole.gapMs }, over, capacity);
  const machines = mostOf(weightOf('clone', false), slots.capacity);
  watcher.said(`${machines} machine${machines === 1 ? '' : 's'} at a time`);
  const farm: Farm = {
    ...request,
    record: async (note) => {
      await request.record(note);
      watcher.noted(note);
    },
    ...(request.earlier ?? { past: new Map(), known: new Map() }),
    signal: over,
    distros: new Map(request.distros.map((distro) => [distro.id, distro])),
    scenarios: new Map(request.scenarios.map((scenario) => [scenario.id, scenario])),
    providers: new Map(providers.map((provider) => [provider.name, provider])),
    slots,
    ranks: ranksOf(plan.batches, request.history),
    controlMs: new Map(),
  };

  try {
    const batches = orderBatches(plan.batches, request.history).map((batch) =>
      work(farm, batch).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    );
    const ended = await Promise.allSettled(batches);
    const broken = ended.find((one) => one.status === 'rejected');
    if (broken && !signal.aborted) {
      throw broken.reason;
    }
    await request.record(endOf(signal));
  } finally {
    await Promise.allSettled(providers.map((provider) => provider[Symbol.asyncDispose]()));
  }
}

function endOf(signal: AbortSignal): Note {
  return signal.aborted ? { type: 'run-ended', interrupted: reasonOf(signal) } : { type: 'run-ended' };
}

/** A signal's name, or `--timeout`. */
function reasonOf({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? reason : '--timeout';
}
