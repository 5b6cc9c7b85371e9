import type { Cell, CellId } from '../domain/cell.ts';
import type { Distro } from '../domain/distro.ts';
import { needsKata } from '../domain/scenario.ts';
import type { CellWork } from './conclude.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Bench } from './experiment.ts';
import type { Farm } from './farm.ts';

/** What each cell of a batch had its machines by. */
export type Benches = ReadonlyMap<CellId, CellWork>;

/**
 * Machines like those of a cell: its own, else those of another with the same template, as a cell of before the run was gone
 * on with has none of its own. Undefined: there are none.
 */
export function benchFor(
  farm: Pick<Farm, 'scenarios' | 'katas' | 'providers'>,
  benches: Benches,
  distro: Distro,
  cell: Cell,
  diagnostics: Diagnostics,
): Bench | undefined {
  const scenario = farm.scenarios.get(cell.scenario);
  const kindOf = (one: Cell, kata = one.kata ?? '') => {
    const { machine = 'clone', needs } = farm.scenarios.get(one.scenario) ?? {};
    return needsKata({ id: one.scenario }) ? `${machine} ${needs?.bare ?? false} ~${kata}` : machine;
  };
  const likeOf = (kind: string) => [...benches.values()].find(({ cell: one }) => kindOf(one) === kind);
  const work = benches.get(cell.id) ?? likeOf(kindOf(cell));
  if (!scenario || !work) {
    return undefined;
  }
  const isShared = farm.providers.get(work.batch.provider)?.sharesMachine ?? false;
  const asked = {
    ...{ cell, distro, scenario, katas: farm.katas },
    startOf: (label: string) => likeOf(kindOf(cell, label))?.start,
  };
  // Nothing is swapped on a machine that others come after on.
  const swaps = isShared ? [] : diagnostics.swapsOf(asked);
  const own = { ...work, cell: { ...work.cell, ...cell } };
  return { work: own, distro, scenario, diagnostics, swaps };
}
