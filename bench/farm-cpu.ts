import type { FarmRun } from './farm-run.ts';
import type { Row } from './row.ts';

/** What the farm itself used of a run's CPU time: its own process against everything that it started. */
export function farmCpu({ entries, ownCpu, allCpu, peakMiB }: FarmRun): readonly Row[] {
  const cells = new Set(entries.flatMap((entry) => (entry.type === 'cell-started' ? entry.cell : [])));

  return [
    {
      what: "the farm's own CPU, of a whole run's",
      figure: ownCpu,
      unit: 's',
      against: `the run: ${allCpu.toFixed(1)} s`,
      ratio: ownCpu / allCpu,
      limit: 'at most 0.03',
    },
    { what: `the same for each of ${cells.size} cells`, figure: (ownCpu / cells.size) * 1000, unit: 'ms' },
    { what: "the farm's memory at its peak", figure: peakMiB, unit: 'MiB', limit: 'at most 200 MB' },
  ];
}
