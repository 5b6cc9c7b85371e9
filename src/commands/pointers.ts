import type { Difference } from '../domain/difference.ts';
import type { Run } from '../domain/run.ts';
import { oneLine } from '../domain/text.ts';
import { faultLine } from '../report/fault-words.ts';
import { evidenceFolder } from '../report/tested.ts';
import { katafarmOf, repeatOf } from '../report/words.ts';

/** Whose fault a difference is, as far as the run knows, where its evidence is, and what runs it again; `place` is the run's folder as it may be typed. */
export function pointersIn(run: Run, place: string): (difference: Difference) => readonly string[] {
  return ({ cell }) => {
    const result = run.results.get(cell.id);
    const folder = result && evidenceFolder({ cell, shown: 'missing', result });
    const finding = result?.finding;
    const why = katafarmOf(['explain', cell.id, '--run', place || '.']);
    return [
      ...(finding ? [`fault     ${oneLine(faultLine(finding))}`, `why       ${why}`] : []),
      ...(folder ? [`evidence  ${place || '.'}/${folder}`] : []),
      `again     ${repeatOf(cell, run.command)}`,
    ];
  };
}
