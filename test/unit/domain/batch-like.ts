import { cellOf } from '../../../src/domain/cell.ts';
import type { DistroId } from '../../../src/domain/distro.ts';
import type { History } from '../../../src/domain/history.ts';
import type { Batch, PlannedCell } from '../../../src/domain/plan.ts';
import type { ScenarioId } from '../../../src/domain/scenario.ts';

/** A batch of clones by scenario, each with the scenarios it rests on; one that begins with `cold` boots. */
export function batchLike(distro: DistroId, cells: Readonly<Record<string, readonly ScenarioId[]>>): Batch {
  const planned = Object.entries(cells).map(([name, restsOn]): PlannedCell => {
    const isCold = name.startsWith('cold ');
    return {
      ...cellOf(distro, 'host', name.replace('cold ', '') as ScenarioId),
      machine: isCold ? 'cold' : 'clone',
      restsOn: restsOn.map((scenario) => cellOf(distro, 'host', scenario).id),
    };
  });
  const variant = 'qemu:built';
  return { id: `${distro}/${variant}`, distro, provider: 'qemu', variant, memoryMiB: 6144, cells: planned };
}

/** What a first run knows. */
export const nothing: History = {
  cells: new Map(),
  scenarios: new Map(),
  phases: new Map(),
  verdicts: new Map(),
};
