import type { CellId } from '../domain/cell.ts';
import type { Outcome, Phase } from '../domain/outcome.ts';
import { within } from '../machine/limits.ts';
import type { Machine } from '../machine/machine.ts';
import type { Farm } from './farm.ts';
import type { Transcript } from './transcript.ts';

/** Of which attempts the machine is kept: red and errored ones, or all. */
export type Keep = 'never' | 'failed' | 'always';

/** Times what is done in a phase. */
export type During = <T>(phase: Phase, body: () => Promise<T>) => Promise<T>;

/** What ended, and how much of it there is to keep. */
interface Keepable {
  readonly cell: CellId;
  readonly memoryMiB: number;
  readonly outcome: Outcome;
}

/**
 * Freezes an attempt's machine to disk where that was asked for, and records under what name. That it can't be kept
 * changes no verdict: it is said in the transcript.
 */
export async function keepMachine(
  farm: Pick<Farm, 'run' | 'keep' | 'record' | 'signal'>,
  machine: Machine,
  { cell, memoryMiB, outcome: { status } }: Keepable,
  transcript: Pick<Transcript, 'say'>,
  during: During,
): Promise<void> {
  const isWanted = farm.keep === 'always' || (farm.keep === 'failed' && /^(failed|errored)$/.test(status));
  const { keep } = machine;
  if (!isWanted || !keep) {
    return;
  }
  const limit = { phase: 'keep', what: `${machine.name} to be kept`, bytes: memoryMiB * 2 ** 20 } as const;
  try {
    const kept = await during('keep', () =>
      within(limit, farm.signal, (signal) => keep.call(machine, { run: farm.run, cell }, signal)),
    );
    transcript.say(`the machine is kept: katafarm shell --run ${farm.run} --cell ${cell}`);
    await farm.record({ type: 'fact', subject: cell, key: 'kept', value: kept });
  } catch (error) {
    transcript.say(`the machine cannot be kept: ${(error as Error).message}`);
  }
}
