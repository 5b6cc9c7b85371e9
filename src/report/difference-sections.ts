import type { Difference, DifferenceKind, Differences } from '../domain/difference.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Color } from './console-pen.ts';
import { knownWords } from './known-issue-lines.ts';
import { reasonOf } from './words.ts';

/** Two sides of a comparison, as people are told of them. */
export interface Sides {
  readonly title: string;
  /** What the base is, in words: `Kata 4.0.0 (upstream:4.0.0)`, `run 20261121-…`. */
  readonly base: string;
  readonly run: string;
  /** Where a cell's evidence is and what repeats it: `evidence  …`, `again     …`. */
  readonly pointersOf?: (difference: Difference) => readonly string[];
  /** What changed between the two, of all that this cell rests on. */
  readonly suspectsOf?: (difference: Difference) => readonly string[];
}

/** Differences of one kind that somebody has to see. */
interface Section {
  readonly title: string;
  readonly color: Color;
  readonly items: readonly Item[];
}

/** A cell, or several that are told together. */
export interface Item {
  readonly name: string;
  readonly said: readonly string[];
  readonly pointers: readonly string[];
}

const titles: readonly (readonly [DifferenceKind, Color, string])[] = [
  ['new-red', 'red', 'New failures: green in the base, red in the run'],
  ['new-known', 'yellow', 'New, and known: red in the run by a known issue, which does not count'],
  ['changed-red', 'yellow', 'Red on both, but not in the same way'],
  ['flaky', 'yellow', 'Flaky on one side: says nothing either way'],
  ['degraded', 'yellow', 'Green on both, by other departures from the defaults'],
  ['new-green', 'green', 'Mended: red in the base, green in the run'],
  ['new', 'yellow', 'New: the base has no such cell, so it is neither news nor a flake'],
  ['gone', 'yellow', 'Gone: the run has no such cell'],
];

/** Everything but what is folded away, the worst first. */
export function sectionsOf({ all }: Pick<Differences, 'all'>, sides: Sides): readonly Section[] {
  const told = titles.map(([kind, color, title]) => ({
    title,
    color,
    items: itemsOf(
      all.filter((one) => one.kind === kind),
      sides,
    ),
  }));
  const open = all.filter(({ kind }) => kind === 'not-comparable');
  const grouped = [...Map.groupBy(open, ({ because = '' }) => because)].map(([because, same]) => ({
    name: `${because}: ${same.length} cell${same.length === 1 ? '' : 's'}`,
    said: same.length > few ? [] : same.map(nameWithReason),
    pointers: [],
  }));
  const last = { title: 'Not comparable: a side has no verdict', color: 'yellow', items: grouped } as const;
  return [...told, last].filter(({ items }) => items.length > 0);
}

/** Cells that one side alone has are told one by one where they are red in the run, else by their number where they are many. */
function itemsOf(same: readonly Difference[], sides: Sides): readonly Item[] {
  const [{ kind } = { kind: undefined }] = same;
  if (kind !== 'new' && kind !== 'gone') {
    return same.map((one) => itemOf(one, sides));
  }
  const red = same.filter(({ run }) => run?.status === 'failed');
  const rest = same.filter((one) => !red.includes(one));
  const told = rest.length > few ? [] : rest.map(nameOf);
  const others = rest.length > few ? [{ name: `${rest.length} cells`, said: [], pointers: [] }] : [];
  return [...red.map((one) => itemOf(one, sides)), ...told.map(bare), ...others];
}

const nameOf = ({ cell }: Difference) => cell.id;
const bare = (name: string): Item => ({ name, said: [], pointers: [] });

/** What is folded away: `3 cells are red on both, 12 cells are green on both`. Empty where nothing is. */
export function foldedOf({ all }: Pick<Differences, 'all'>): string {
  const red = all.filter(({ kind }) => kind === 'still-red').length;
  const same = all.filter(({ kind }) => kind === 'same');
  const green = same.filter(({ run }) => run?.status === 'passed').length;
  const skipped = same.length - green;
  return [
    ...(red > 0 ? [`${counted(red)} red on both`] : []),
    ...(green > 0 ? [`${counted(green)} green on both`] : []),
    ...(skipped > 0 ? [`${counted(skipped)} not run on either side`] : []),
  ].join(', ');
}

/** What it comes to: `1 new failure in 13 cells compared`. */
export function verdictOn({ counts, compared }: Pick<Differences, 'counts' | 'compared'>): string {
  if (compared === 0) {
    return 'nothing could be compared: no cell has a verdict on both sides';
  }
  const { 'new-red': red, 'new-known': known, 'not-comparable': open, new: fresh, gone } = counts;
  const news = red === 0 ? 'no new failure' : `${red} new failure${red === 1 ? '' : 's'}`;
  return [
    `${news} in ${compared} cell${compared === 1 ? '' : 's'} compared`,
    ...(known > 0 ? [`${known} ${known === 1 ? 'is' : 'are'} new, and known`] : []),
    ...(open > 0 ? [`${open} could not be`] : []),
    ...(fresh > 0 ? [`${fresh} ${fresh === 1 ? 'is' : 'are'} new`] : []),
    ...(gone > 0 ? [`${gone} ${gone === 1 ? 'is' : 'are'} gone`] : []),
  ].join('; ');
}

/** More than this are told by their number. */
const few = 6;

function itemOf(difference: Difference, { pointersOf, suspectsOf }: Sides): Item {
  const { cell, kind, base, run, known = [] } = difference;
  const [before, now] = [saidOf(difference, base), saidOf(difference, run)];
  const both = [`base: ${before}`, `run:  ${now}`];
  const pointers = [...(suspectsOf?.(difference) ?? []), ...(pointersOf?.(difference) ?? [])];
  switch (kind) {
    case 'new-red':
    case 'new-known':
      return { name: cell.id, said: [now, ...known.map(knownWords)], pointers };
    case 'new-green':
      return { name: cell.id, said: [`was ${before}`], pointers: [] };
    case 'new':
      return { name: cell.id, said: [now], pointers };
    default:
      return { name: cell.id, said: both, pointers: kind === 'changed-red' ? pointers : [] };
  }
}

function nameWithReason(difference: Difference): string {
  const open = [difference.run, difference.base].find(
    (outcome) => outcome && outcome.status !== 'passed' && outcome.status !== 'failed',
  );
  return open ? `${difference.cell.id}: ${saidOf(difference, open)}` : difference.cell.id;
}

function saidOf({ cell }: Difference, outcome: Outcome | undefined): string {
  const shown = outcome?.status ?? 'missing';
  return reasonOf({ cell, shown, ...(outcome && { outcome }) }) || 'plainly green';
}

const counted = (count: number) => `${count} cell${count === 1 ? ' is' : 's are'}`;
