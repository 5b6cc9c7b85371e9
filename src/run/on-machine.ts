import type { BatchId } from '../domain/plan.ts';
import { type Guest, guestOf } from '../machine/guest.ts';
import type { Machine } from '../machine/machine.ts';
import type { Farm } from './farm.ts';
import { freeName } from './free-name.ts';
import { Transcript } from './transcript.ts';

/** Whose machine it is, and where what is said in it is kept. */
export interface Site {
  readonly batch: BatchId;
  readonly machine: Machine;
  /** A folder, and the name of a file in it; another where that is taken. */
  readonly logs: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Does something in a machine that is no cell's. Where a command was ended by us, that is what it rejects with. */
export async function onMachine<T>(
  farm: Pick<Farm, 'watcher'>,
  { batch, machine, logs, name, signal }: Site,
  deed: (guest: Guest) => Promise<T>,
): Promise<T> {
  const path = await freeName(logs, name);
  await using transcript = new Transcript(path, (text) => farm.watcher.heard(batch, text));
  let cut: Error | undefined;
  const guest = guestOf(
    machine,
    transcript.log,
    () => signal,
    (reason) => {
      cut = reason;
    },
  );
  const [ended] = await Promise.allSettled([deed(guest)]);
  if (cut) {
    throw cut;
  }
  if (ended.status === 'rejected') {
    throw ended.reason;
  }
  return ended.value;
}

/** The machine, once this was done with it; where it can't be, the machine is let go of. */
export async function orLetGo(machine: Machine, deed: () => Promise<void>): Promise<Machine> {
  try {
    await deed();
    return machine;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
}
