import type { CellId } from '../domain/cell.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Machine } from '../machine/machine.ts';
import type { Farm } from './farm.ts';
import type { Transcript } from './transcript.ts';

/** Of which attempts the machine is kept: red and errored ones, or all. */
export type Keep = 'never' | 'failed' | 'always';

/**
 * Freezes an attempt's machine to disk where that was asked for, and records under what name. That it can't be kept
 * changes no verdict: it is said in the transcript.
 */
export async function keepMachine(
  farm: Pick<Farm, 'run' | 'keep' | 'record'>,
  machine: Machine,
  cell: CellId,
  { status }: Outcome,
  transcript: Transcript,
): Promise<void> {
  const isWanted = farm.keep === 'always' || (farm.keep === 'failed' && /^(failed|errored)$/.test(status));
  if (!isWanted || !machine.keep) {
    return;
  }
  try {
    const kept = await machine.keep({ run: farm.run, cell });
    transcript.say(`the machine is kept: katafarm shell --run ${farm.run} --cell ${cell}`);
    await farm.record({ type: 'fact', subject: cell, key: 'kept', value: kept });
  } catch (error) {
    transcript.say(`the machine cannot be kept: ${(error as Error).message}`);
  }
}
