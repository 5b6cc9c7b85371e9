/**
 * How close the scheduler comes to the least time that a night could take, and what it costs by itself: 10,000
 * simulated cells of each shape, in virtual time.
 *
 *     node bench/makespan.ts [CELLS]
 */
import { randomFrom, shapes } from '../test/support/shapes.ts';
import { simulate } from '../test/support/simulate.ts';
import type { Row } from './row.ts';

export async function makespan(cells = 10_000): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let cpuMs = 0;
  let count = 0;
  for (const { name, batches, capacity } of shapes) {
    const planned = batches(cells, randomFrom(1));
    const before = process.cpuUsage();
    const simulated = await simulate(planned, capacity);
    const { user, system } = process.cpuUsage(before);
    cpuMs += (user + system) / 1000;
    count += simulated.cells;
    rows.push({
      what: `makespan of ${simulated.cells} cells, ${name}`,
      figure: Math.round(simulated.makespanMs / 1000),
      unit: 's, simulated',
      against: 'max(critical path, work ÷ capacity)',
      ratio: simulated.makespanMs / simulated.boundMs,
      limit: 'at most 1.05',
    });
  }
  return [...rows, { what: "the scheduler's own CPU", figure: cpuMs / count, unit: 'ms a cell' }];
}

if (import.meta.main) {
  console.table(await makespan(Number(process.argv[2] ?? 10_000)));
}
