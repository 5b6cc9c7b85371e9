import { setTimeout as sleep } from 'node:timers/promises';
import type { CellId } from '../domain/cell.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Batch, PlannedCell } from '../domain/plan.ts';
import type { Attempt } from '../domain/result.ts';
import type { Speed } from '../domain/speed.ts';
import { untilAborted } from '../machine/limit.ts';
import type { BootRequest, Machine, Proof } from '../machine/machine.ts';
import { asEmulated } from './as-emulated.ts';
import { attempt } from './attempt.ts';
import { takenWhenUp } from './capacity.ts';
import { rebooted } from './change.ts';
import type { Farm } from './farm.ts';
import { inTurn, onOneMachine } from './one-machine.ts';
import type { Outcomes } from './outcomes.ts';
import { settle } from './settle.ts';
import type { Grant } from './slots.ts';
import { cellWant } from './wants.ts';

export interface CellWork {
  readonly batch: Batch;
  readonly cell: PlannedCell;
  readonly kind: 'clone' | 'cold';
  /** Its machine is booted from power-on: it is cold, or there is no template. */
  readonly boots: boolean;
  readonly speed: Speed;
  /** Of the batch's image. */
  readonly digest: string;
  /** A machine of the cell's own. */
  readonly start: (request: BootRequest) => Promise<Machine>;
  /** What stage 2 of the probe said; undefined where it was not tried, or came to nothing. */
  readonly proof?: Promise<Proof | undefined> | undefined;
  /** Of the batch's clones, the one that is tried before its siblings. */
  readonly canary?: CellId | undefined;
  /** All cells of the batch have one machine between them. */
  readonly isShared?: boolean;
  /** The cell that has the machine before this one. */
  readonly after?: CellId | undefined;
  /** Of all the batch's cells. */
  readonly outcomes: Outcomes;
}

/** Brings a cell to its verdict, after the controls that it rests on, and writes it down. */
export async function conclude(farm: Farm, given: CellWork): Promise<Outcome> {
  const { cell, after, outcomes } = given;
  await (after && inTurn(outcomes.of(after), farm.signal));
  const earlier = farm.past.get(cell.id)?.attempts ?? [];
  // Of the attempts alone: how long a cell waited for its turn says nothing of it.
  let ms = earlier.reduce((sum, attempt) => sum + (attempt.ms ?? 0), 0);
  const outcome =
    (await omen(given)) ??
    unchanged(farm, given) ??
    noNesting(farm, given) ??
    (await blockedBy(farm, given)) ??
    (await asEmulated(
      farm,
      given,
      await tried(farm, given, earlier, (spentMs) => {
        ms += spentMs;
      }),
    ));
  const told = given.isShared ? onOneMachine(outcome) : outcome;
  await farm.record({ type: 'cell-ended', cell: cell.id, outcome: told, ms });
  return told;
}

/** Where not even the canary had a machine, no other clone of this template is worth the time that it takes to fail. */
async function omen({ cell, canary, outcomes }: CellWork): Promise<Outcome | undefined> {
  if (canary === undefined || canary === cell.id) {
    return undefined;
  }
  const first = await outcomes.of(canary);
  return first?.status === 'errored' && (first.phase === 'clone' || first.phase === 'boot')
    ? { ...first, message: `not tried, as ${canary} had no machine: ${first.message}` }
    : undefined;
}

/** A boot from power-on starts from the image, which the user's script has not touched. */
function unchanged(farm: Farm, { kind }: CellWork): Outcome | undefined {
  return farm.prepare !== undefined && kind === 'cold'
    ? {
        status: 'skipped',
        because: 'a cold boot does not have the change of --prepare; --prepare-cold has it',
      }
    : undefined;
}

/** What this host's machines can't offer is not the distro's lack. */
function noNesting(farm: Farm, { cell, speed, isShared = false }: CellWork): Outcome | undefined {
  const needed = farm.scenarios.get(cell.scenario)?.needs.devices?.includes('/dev/kvm');
  // Of a machine that exists, `kvm` says that a guest came up on it.
  const had =
    speed.class === 'kvm-nested' || speed.class === 'tcg+svm' || (isShared && speed.class === 'kvm');
  return needed && !had
    ? {
        status: 'errored',
        phase: 'probe',
        message: `machines of this host have no nested virtualisation: ${speed.because}`,
      }
    : undefined;
}

async function blockedBy(farm: Farm, { cell, outcomes }: CellWork): Promise<Outcome | undefined> {
  for (const by of cell.restsOn) {
    const awaited = outcomes.of(by);
    const control =
      awaited === undefined ? farm.past.get(by)?.outcome : await untilAborted(awaited, farm.signal);
    if (control?.status === 'failed' || control?.status === 'blocked') {
      return { status: 'blocked', by };
    }
  }
  return undefined;
}

/** Attempts of before the run was gone on with count as they came out; the farm's own trouble settled nothing. */
function tried(
  farm: Farm,
  { batch, cell, kind, boots, speed, start, canary, digest }: CellWork,
  earlier: readonly Attempt[],
  spent: (ms: number) => void,
): Promise<Outcome> {
  const { memoryMiB } = batch;
  const told = earlier.flatMap(({ outcome }) => (outcome && outcome.status !== 'errored' ? [outcome] : []));
  let number = earlier.length;
  const want = cellWant(farm, batch, cell, speed, { boots, isCanary: cell.id === canary, digest });
  const fresh = async (grant: Grant) => {
    number += 1;
    const started = performance.now();
    const counted: CellWork['start'] = async (request) => {
      const own = await start({ ...request, ...(kind === 'cold' && { cold: true }) });
      const machine = boots ? await rebooted(farm, batch, own, request) : own;
      grant.taken(takenWhenUp(boots ? 'cold' : 'clone'));
      return machine;
    };
    const request = { cell, batch: batch.id, number, speed, memoryMiB, cold: boots, start: counted };
    const outcome = await attempt(farm, request);
    spent(Math.round(performance.now() - started));
    return outcome;
  };
  return settle(
    async (nth) => told[nth - 1] ?? (await farm.slots.use(want, fresh)),
    farm.retries,
    (errors) => sleep(farm.pauseMs * 2 ** (errors - 1), undefined, { signal: farm.signal }),
  );
}
