import type { CellId } from './cell.ts';
import type { PlannedCell } from './plan.ts';
import { isMeant } from './scenario.ts';

/**
 * What scenarios do to a machine that others come after on, from the least harm to the most; the first row that means a
 * scenario holds. What is not named here goes by its group.
 */
const harms: readonly (readonly string[])[] = [
  // They read, and load modules.
  ['host.*'],
  // Containers of the engine's own runtime.
  ['control.*'],
  // Guests, and daemons that end with them.
  ['vmm.*'],
  // Sandboxes, whose shims and mounts may stay.
  ['kata.*', 'mapping.*'],
];

/** What changes the machine itself for whoever comes after, in this order: settings, engines, deaths, its packages. */
const last: readonly string[] = [
  'mapping.selinux',
  'kata.crictl.pod',
  'kata.crio.pod',
  'kata.docker.*',
  'kata.nerdctl.*',
  'kata.leftovers',
  'kata.negative-*',
  'kata.kill-*',
  'kata.upgrade',
  'build.*',
];

function harmOf({ scenario, machine }: PlannedCell): number {
  if (machine === 'cold') {
    // It boots again: what the others have left would be lost with it.
    return harms.length + last.length;
  }
  const late = last.findIndex((glob) => isMeant(scenario, glob));
  if (late >= 0) {
    return harms.length + late;
  }
  const early = harms.findIndex((globs) => globs.some((glob) => isMeant(scenario, glob)));
  return early < 0 ? harms.length - 1 : early;
}

/**
 * The order in which cells run that have one machine between them: the least harmful first, but never before a cell that
 * they rest on. What is alike stays in the plan's order.
 */
export function inOrderOfHarm(cells: readonly PlannedCell[]): readonly PlannedCell[] {
  const byId = new Map<CellId, PlannedCell>(cells.map((cell) => [cell.id, cell]));
  const placed = new Set<PlannedCell>();
  const place = (cell: PlannedCell) => {
    if (placed.has(cell)) {
      return;
    }
    for (const id of cell.restsOn) {
      const control = byId.get(id);
      // A circle comes to its end here, as what rests on itself is never placed before itself.
      if (control && control !== cell && !under.has(control)) {
        under.add(cell);
        place(control);
        under.delete(cell);
      }
    }
    placed.add(cell);
  };
  const under = new Set<PlannedCell>();
  for (const cell of cells.toSorted((a, b) => harmOf(a) - harmOf(b))) {
    place(cell);
  }
  return [...placed];
}
