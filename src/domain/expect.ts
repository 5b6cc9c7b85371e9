import type { CellId } from './cell.ts';
import { expectedMs, type History, phasesMs } from './history.ts';
import { canaryOf } from './order.ts';
import type { Batch, PlannedCell } from './plan.ts';

export interface Expected {
  /** By itself, in milliseconds; undefined where no run tells. */
  readonly ms: number | undefined;
  /** Of the longest chain that can only begin when it has ended, as far as that is known. */
  readonly restMs: number;
}

/** How long a batch's work will take, and what each piece of it holds up. */
export interface Expectations {
  readonly image: Expected;
  readonly template: Expected;
  readonly cells: ReadonlyMap<CellId, Expected>;
  /** All of it, one after the other on one machine. */
  readonly totalMs: number;
}

/** `speed` is a speed class, once it is known. The canary holds up every other clone. */
export function expectationsOf(batch: Batch, history: History, speed?: string): Expectations {
  const canary = canaryOf(batch);
  const isHeldUp = (cell: PlannedCell) => canary && cell.machine === 'clone' && cell.id !== canary.id;
  const cells = new Map<CellId, Expected>();
  const chainMs = ({ ms = 0, restMs }: Expected) => ms + restMs;

  const longest = (among: readonly PlannedCell[]) =>
    among.reduce((most, cell) => Math.max(most, chainMs(look(cell))), 0);
  const look = (cell: PlannedCell): Expected => {
    const known = cells.get(cell.id);
    if (known) {
      return known;
    }
    const ms = expectedMs(history, cell, speed);
    // Set before its rest is known, so that a circle comes to an end.
    cells.set(cell.id, { ms, restMs: 0 });
    const heldUp = batch.cells.filter(
      (other) => other.restsOn.includes(cell.id) || (cell.id === canary?.id && isHeldUp(other)),
    );
    const expected = { ms, restMs: longest(heldUp) };
    cells.set(cell.id, expected);
    return expected;
  };

  const of = (machine: PlannedCell['machine']) => batch.cells.filter((cell) => cell.machine === machine);
  const behindImage = longest(of('cold'));
  const template = {
    ms: phasesMs(history, batch.id, ['boot', 'prepare', 'freeze'], speed),
    restMs: longest(of('clone')),
  };
  const image = {
    ms: phasesMs(history, batch.id, ['image', 'probe'], speed),
    restMs: Math.max(behindImage, chainMs(template)),
  };
  const all = [image, template, ...cells.values()];
  return { image, template, cells, totalMs: all.reduce((sum, { ms = 0 }) => sum + ms, 0) };
}
