import { placeOf } from '../domain/cell.ts';
import type { KataBuild } from '../domain/kata.ts';
import type { Batch, Plan, PlannedCell, SkippedCell } from '../domain/plan.ts';
import { needsKata } from '../domain/scenario.ts';

/** A plan for people: what would run by release and stack, then what is skipped, by reason. */
export function planText({ batches, skipped, katas = [] }: Plan): string {
  const cells = batches.reduce((sum, batch) => sum + batch.cells.length, 0);
  const reasons = Map.groupBy(skipped, ({ because }) => because);
  const summary = `${counted(cells, 'cell')} on ${counted(batches.length, 'release')}, ${skipped.length} skipped\n`;

  return [
    ...batches.map(batchText),
    ...(reasons.size > 0 ? [`skipped\n${[...reasons].map(reasonText).join('')}`] : []),
    summary + kataText(katas, reasons),
  ].join('\n');
}

/** Which Katas, or why there is none. */
function kataText(katas: readonly KataBuild[], reasons: ReadonlyMap<string, readonly SkippedCell[]>): string {
  // The reason of most of them: some have one of their own as well, as that their VMM is not packaged.
  const countOf = (cells: readonly SkippedCell[]) =>
    cells.filter(({ cell }) => needsKata({ id: cell.scenario })).length;
  const [why] = [...reasons]
    .filter(([, cells]) => countOf(cells) > 0)
    .toSorted(([, a], [, b]) => countOf(b) - countOf(a));
  if (katas.length === 0) {
    return why ? `Kata's own scenarios are skipped: ${why[0]}\n` : '';
  }
  return katas.map(({ label, version, source }) => `Kata ${version} (${label ?? source})\n`).join('');
}

function batchText({ distro, variant, memoryMiB, cells, undiagnosed = [] }: Batch): string {
  const place = ({ stack, kata }: PlannedCell) => (kata === undefined ? stack : `${stack}~${kata}`);
  const rows = [...Map.groupBy(cells, place)].map(
    ([stack, own]) => `  ${stack.padEnd(18)} ${String(own.length).padStart(3)}  ${own.map(word).join(' ')}\n`,
  );
  const failures = undiagnosed.map(({ id }) => `  to be looked into: ${id}\n`);
  return `${distro}  (${variant}, ${memoryMiB} MiB): ${counted(cells.length, 'cell')}\n${[...rows, ...failures].join('')}`;
}

function word({ scenario, machine }: PlannedCell): string {
  return machine === 'cold' ? `${scenario} (cold)` : scenario;
}

function reasonText([because, cells]: readonly [string, readonly SkippedCell[]]): string {
  const places = Map.groupBy(cells, ({ cell }) => placeOf(cell));
  const rows = [...places].map(
    ([place, own]) => `    ${place}: ${own.map(({ cell }) => cell.scenario).join(' ')}\n`,
  );
  return `  ${because}: ${counted(cells.length, 'cell')}\n${rows.join('')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
