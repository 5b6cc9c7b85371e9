import type { Difference, Differences } from '../domain/difference.ts';
import type { DifferenceKind } from '../domain/difference-kinds.ts';
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

const untold: readonly (readonly [DifferenceKind, string])[] = [
  ['not-run', 'Not run on one side: neither new nor gone'],
  ['not-comparable', 'Not comparable: a side has no verdict, or it is of another kind of machine'],
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
  const last = untold.map(([kind, title]): Section => {
    const open = all.filter((one) => one.kind === kind);
    const groups = [...Map.groupBy(open, ({ because = '' }) => because)];
    return { title, color: 'yellow', items: groups.map(([because, same]) => groupOf(because, same)) };
  });
  return [...told, ...last].filter(({ items }) => items.length > 0);
}

/** Where they are many, those that are red in the run are named, for nobody may miss them. */
function groupOf(because: string, same: readonly Difference[]): Item {
  const releases = [...new Set(same.map(({ cell }) => cell.distro))];
  const of = releases.length > few ? `${releases.length} releases` : releases.join(', ');
  const named = same.length > few ? same.filter(({ run }) => run?.status === 'failed') : same;
  const rest = named.length - mostNamed;
  return {
    name: `${because}: ${same.length} cell${same.length === 1 ? '' : 's'} of ${of}`,
    said: [...named.slice(0, mostNamed).map(nameWithReason), ...(rest > 0 ? [`… ${rest} more are red`] : [])],
    pointers: [],
  };
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

/** More than this are told by their number. */
const few = 6;
/** Of those, so many that are red are named. */
const mostNamed = 20;

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
  const outcomes = [difference.run, difference.base];
  const open =
    outcomes.find((outcome) => outcome && outcome.status !== 'passed' && outcome.status !== 'failed') ??
    outcomes.find((outcome) => outcome?.status === 'failed');
  return open ? `${difference.cell.id}: ${saidOf(difference, open)}` : difference.cell.id;
}

function saidOf({ cell }: Difference, outcome: Outcome | undefined): string {
  const shown = outcome?.status ?? 'missing';
  return reasonOf({ cell, shown, ...(outcome && { outcome }) }) || 'plainly green';
}
