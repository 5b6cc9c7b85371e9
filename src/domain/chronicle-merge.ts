import type { Chronicle, ChronicleRun, Lane, NightState, Red, RedId, Strip } from './chronicle.ts';
import { Rows } from './rows.ts';
import { isSameState } from './spells.ts';
import { tellersOf } from './tellers.ts';

/**
 * All of them as one. The order in which they are given, and giving one twice, change nothing. Of a run that several tell
 * of, what tells of more cells counts; of as many, what is later.
 */
export function mergeChronicles(many: readonly Chronicle[]): Chronicle {
  const tellers = tellersOf(many);
  const runs = many
    .flatMap((chronicle) => chronicle.runs.filter(({ id }) => tellers.get(id) === chronicle))
    .toSorted(byStart);
  const order = new Map(unique(runs).map(({ id }, index) => [id, index]));

  const sources = many.flatMap((from) =>
    from.lanes.map((lane): Source => ({ lane, isTold: (run) => tellers.get(run) === from })),
  );
  const lanes = [...Map.groupBy(sources, ({ lane }) => `${lane.release} ${lane.variant} ${lane.basis}`)]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([, same]) => mergeLanes(same, order));

  return { runs: unique(runs), lanes, reds: mergeReds(many) };
}

interface Source {
  readonly lane: Lane;
  /** Whether this source is the one that counts of a run. */
  readonly isTold: (run: string) => boolean;
}

function mergeLanes(sources: readonly Source[], order: ReadonlyMap<string, number>): readonly Lane[] {
  const [first] = sources;
  const told = new Set(sources.flatMap(({ lane, isTold }) => lane.runs.filter(isTold)));
  const runs = [...told].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  if (!first || runs.length === 0) {
    return [];
  }

  if (sources.length === 1 && isInOrder(first.lane, runs)) {
    return [first.lane];
  }

  const { release, variant, basis } = first.lane;
  const at = new Map(runs.map((run, index) => [run, index]));
  const seconds = new Array<number>(runs.length).fill(0);
  const strips = new Rows<NightState>(runs.length, absent);
  const versions = new Rows<string>(runs.length, '');
  const cells = new Map<string, Pick<Strip, 'cell' | 'kata'>>();
  for (const { lane, isTold } of sources) {
    const places = lane.runs.map((run) => (isTold(run) ? (at.get(run) ?? -1) : -1));
    for (const [index, place] of places.entries()) {
      if (place >= 0) {
        seconds[place] = lane.seconds[index] ?? 0;
      }
    }
    for (const { cell, kata, spells } of lane.strips) {
      const place = { cell, ...(kata !== undefined && { kata }) };
      const key = keyOf(place);
      cells.set(key, place);
      strips.put(key, spells, places);
    }
    for (const [name, spells] of Object.entries(lane.versions)) {
      versions.put(name, spells, places);
    }
  }

  const merged = strips.spells(isSameState).flatMap(([key, spells]): readonly Strip[] => {
    const cell = cells.get(key);
    return cell && spells.some(({ value }) => value.status !== 'absent') ? [{ ...cell, spells }] : [];
  });
  const known = versions.spells(Object.is).filter(([, spells]) => spells.some(({ value }) => value !== ''));
  return [{ release, variant, basis, runs, seconds, versions: Object.fromEntries(known), strips: merged }];
}

/** Whether a lane has these runs, and all that it tells of them stands as merging would put it. */
function isInOrder({ runs, strips, versions }: Lane, told: readonly string[]): boolean {
  const isSorted = (names: readonly string[]) =>
    names.every((name, at) => at === 0 || (names[at - 1] ?? '') < name);
  return (
    runs.length === told.length &&
    runs.every((run, at) => run === told[at]) &&
    isSorted(strips.map(keyOf)) &&
    strips.every(({ spells }) => spells.some(({ value }) => value.status !== 'absent')) &&
    strips.every(({ spells }) =>
      spells.every(({ value }, at) => !isSameState(value, spells[at - 1]?.value ?? noState)),
    ) &&
    isSorted(Object.keys(versions)) &&
    Object.values(versions).every((spells) =>
      spells.every(({ value }, at) => value !== spells[at - 1]?.value),
    ) &&
    Object.values(versions).every((spells) => spells.some(({ value }) => value !== ''))
  );
}

const keyOf = ({ cell, kata = '' }: Pick<Strip, 'cell' | 'kata'>) => `${cell} ${kata}`;

const absent: NightState = { status: 'absent' };
const noState: NightState = { status: 'absent', red: '' };

/** Of two that differ in figures alone one always wins. */
function mergeReds(many: readonly Chronicle[]): Readonly<Record<RedId, Red>> {
  const reds = new Map<RedId, Red>();
  for (const [id, red] of many.flatMap((chronicle) => Object.entries(chronicle.reds))) {
    const other = reds.get(id);
    reds.set(id, other && compare(JSON.stringify(other), JSON.stringify(red)) <= 0 ? other : red);
  }
  return Object.fromEntries([...reds].toSorted(([a], [b]) => compare(a, b)));
}

function unique(runs: readonly ChronicleRun[]): readonly ChronicleRun[] {
  return [...new Map(runs.map((run) => [run.id, run])).values()];
}

function byStart(a: ChronicleRun, b: ChronicleRun): number {
  return compare(a.startedAt, b.startedAt) || compare(a.id, b.id);
}

// Not localeCompare: the order must not depend on where it is made.
function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}
