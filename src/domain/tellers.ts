import type { Chronicle, Lane, Spell } from './chronicle.ts';
import { digestOf } from './red-id.ts';

/**
 * Which chronicle counts of each run: what tells of more of its cells, then what is later, then what tells of more time (a
 * matrix tells of none), then one that always wins.
 */
export function tellersOf(many: readonly Chronicle[]): ReadonlyMap<string, Chronicle> {
  const tellers = new Map<string, Chronicle>();
  const several = new Map<string, Set<Chronicle>>();
  for (const chronicle of many) {
    for (const { id } of chronicle.runs) {
      const other = tellers.get(id) ?? chronicle;
      tellers.set(id, other);
      if (other !== chronicle) {
        several.set(id, (several.get(id) ?? new Set([other])).add(chronicle));
      }
    }
  }

  const rivals = new Set([...several.values()].flatMap((chronicles) => [...chronicles]));
  const weights = [...rivals].map((chronicle) => ({ chronicle, own: weightsIn(chronicle, several) }));
  for (const id of several.keys()) {
    const [best] = weights
      .flatMap(({ chronicle, own }) => {
        const weight = own.get(id);
        return weight ? [{ chronicle, weight }] : [];
      })
      .toSorted((a, b) => byWeight(b.weight, a.weight));
    if (best) {
      tellers.set(id, best.chronicle);
    }
  }
  return tellers;
}

interface Weight {
  /** Of how many cells it tells how they came out. */
  readonly told: number;
  readonly until: string;
  readonly seconds: number;
  /** Of all that it tells, in whatever order. */
  readonly digest: string;
}

function byWeight(a: Weight, b: Weight): number {
  return a.told - b.told || compare(a.until, b.until) || a.seconds - b.seconds || compare(a.digest, b.digest);
}

function weightsIn(
  { runs, lanes }: Chronicle,
  wanted: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Weight> {
  const nights = new Map<string, LaneWeight[]>();
  for (const lane of lanes.filter((one) => one.runs.some((run) => wanted.has(run)))) {
    for (const night of nightsIn(lane, wanted)) {
      nights.set(night.run, [...(nights.get(night.run) ?? []), night]);
    }
  }

  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const known = runs.filter(({ id }) => wanted.has(id));
  return new Map(
    known.map((run) => {
      const own = nights.get(run.id) ?? [];
      const weight: Weight = {
        told: sum(own.map(({ told }) => told)),
        until: run.until,
        seconds: sum(own.map(({ seconds }) => seconds)),
        digest: digestOf([JSON.stringify(run), ...own.map(({ digest }) => digest).toSorted()].join('\n')),
      };
      return [run.id, weight];
    }),
  );
}

interface LaneWeight {
  readonly run: string;
  readonly told: number;
  readonly seconds: number;
  readonly digest: string;
}

interface NightLines {
  readonly run: string;
  readonly seconds: number;
  readonly lines: string[];
  told: number;
}

/** What a lane tells of each of these runs. */
function nightsIn(lane: Lane, wanted: ReadonlyMap<string, unknown>): readonly LaneWeight[] {
  const { release, variant, basis, runs, seconds, strips, versions } = lane;
  const nights = runs.map((run, index): NightLines | undefined => {
    const took = seconds[index] ?? 0;
    return wanted.has(run)
      ? { run, seconds: took, lines: [`${release} ${variant} ${basis} ${took}`], told: 0 }
      : undefined;
  });
  for (const { cell, kata = '', spells } of strips) {
    along(spells, nights, ({ status, red = '' }, night) => {
      if (status !== 'absent') {
        night.lines.push(`${cell} ${kata} ${status} ${red}`);
        night.told += status === 'missing' ? 0 : 1;
      }
    });
  }
  for (const [name, spells] of Object.entries(versions)) {
    along(spells, nights, (version, night) => {
      if (version !== '') {
        night.lines.push(`${name} ${version}`);
      }
    });
  }
  // The lines of a year are many: a digest of them is enough.
  return nights
    .filter((night) => night !== undefined)
    .map(({ lines, ...rest }) => ({ ...rest, digest: digestOf(lines.toSorted().join('\n')) }));
}

function along<T>(
  spells: readonly Spell<T>[],
  nights: readonly (NightLines | undefined)[],
  tell: (value: T, night: NightLines) => void,
): void {
  let index = 0;
  for (const { value, count } of spells) {
    for (const end = index + count; index < end; index += 1) {
      const night = nights[index];
      if (night) {
        tell(value, night);
      }
    }
  }
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
