import { asSlow } from '../domain/kata-limits.ts';
import type { Outcome } from '../domain/outcome.ts';
import { needsKata } from '../domain/scenario.ts';
import type { CellWork } from './conclude.ts';
import type { Farm } from './farm.ts';

/**
 * What a red is worth on an emulated machine. Where the emulator lets a guest of this release's kernel panic by itself, one of
 * a cell that boots that kernel in a guest is no verdict on the release; where Kata ran into a limit that is fixed, none on
 * anything.
 */
export async function asEmulated(
  farm: Pick<Farm, 'scenarios'>,
  { cell, speed, proof }: Pick<CellWork, 'cell' | 'speed' | 'proof'>,
  outcome: Outcome,
): Promise<Outcome> {
  if (outcome.status !== 'failed' || speed.accelerator !== 'tcg') {
    return outcome;
  }
  const needs = farm.scenarios.get(cell.scenario)?.needs;
  const ownKernel = needs?.parts?.includes('kernel') || cell.stack.endsWith('+distro-kernel');
  if (!needs?.devices?.includes('/dev/kvm') || !ownKernel || !(await proof)?.panicked) {
    return needsKata({ id: cell.scenario }) ? asSlow(outcome) : outcome;
  }
  const message = `no verdict, as a guest of this release's kernel panics under this host's emulation: ${outcome.message}`;
  return { status: 'errored', phase: 'probe', message, ...(outcome.detail && { detail: outcome.detail }) };
}
