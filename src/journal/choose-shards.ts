import { UserError } from '../errors.ts';
import type { Common, Told, toldIn } from './shard-journal.ts';

/** Two nights begin a day apart, shards of one within less, however long they wait for a host. */
const longestNight = 18 * 3_600_000;

interface Chosen {
  readonly common: Common;
  /** By index, one for each. */
  readonly chosen: readonly Told[];
  /** Of those that do not speak. */
  readonly remarks: readonly string[];
}

/** Of each shard one run. Throws a UserError for what does not belong together. */
export function chosenOf(journals: readonly Journal[]): Chosen {
  const [first] = journals;
  if (!first) {
    throw new UserError('cannot merge anything: no journal of a shard is there', { exitCode: 3 });
  }
  for (const other of journals.slice(1)) {
    ensureAlike(first, other);
  }

  const all = journals.flatMap(({ told }) => told);
  const byIndex = Map.groupBy(all, ({ shard }) => shard.index);
  const chosen = [...byIndex]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, same]) => same.toSorted(bestFirst).slice(0, 1));
  ensureOneNight(chosen);

  const speak = new Set(chosen.map(({ shard }) => shard.run));
  const silent = new Map(
    all.filter(({ shard }) => !speak.has(shard.run)).map((told) => [told.shard.run, told]),
  );
  const remarks = [...silent.values()].map(
    ({ shard }) => `shard ${shard.index} was run more than once: ${shard.run} does not count`,
  );
  // Hosts may give other reasons for what they skip; whichever comes first among them, it is the same for all orders.
  const commons = journals.map(({ common }) => ({ common, text: JSON.stringify(common) }));
  const { common } = commons.reduce((a, b) => (compare(b.text, a.text) < 0 ? b : a));
  return { common, chosen, remarks: remarks.toSorted() };
}

type Journal = ReturnType<typeof toldIn>;

/** Says what it is that is not the same. */
function ensureAlike({ common: a, told: [own] }: Journal, { common: b, told: [other] }: Journal): void {
  const [here, there] = [own?.name ?? '', other?.name ?? ''];
  const refuse = (what: string) => {
    throw new UserError(
      `cannot merge ${there} with ${here}: ${what}; shards of one night are split from one plan`,
    );
  };
  const inputs = changedKeys(a.inputs ?? {}, b.inputs ?? {});
  if (inputs.length > 0) {
    refuse(
      `not the same ${inputs.slice(0, 5).join(', ')}${inputs.length > 5 ? ` and ${inputs.length - 5} more` : ''}`,
    );
  }
  const katas = [a, b].map(({ plan }) => JSON.stringify(plan.katas ?? []));
  if (katas[0] !== katas[1]) {
    refuse('not the same Kata');
  }
  if (a.of !== b.of) {
    refuse(`one is of ${b.of} shards, the other of ${a.of}`);
  }
  if (JSON.stringify(a.plan.batches) !== JSON.stringify(b.plan.batches) || a.split !== b.split) {
    refuse(`another plan, or split in another way (${b.split}, not ${a.split})`);
  }
  if (JSON.stringify(a.command) !== JSON.stringify(b.command)) {
    refuse('not begun by the same command');
  }
}

function changedKeys(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): readonly string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.filter((key) => a[key] !== b[key]).toSorted();
}

function ensureOneNight(chosen: readonly Told[]): void {
  const byStart = chosen.toSorted((a, b) => compare(a.shard.startedAt, b.shard.startedAt));
  const [first, last] = [byStart[0], byStart.at(-1)];
  if (first && last && Date.parse(last.shard.startedAt) - Date.parse(first.shard.startedAt) > longestNight) {
    throw new UserError(
      `cannot merge ${last.name} with ${first.name}: they began at ${last.shard.startedAt} and ${first.shard.startedAt}, so they are of two nights`,
    );
  }
}

/** Ended before cut, more settled before less, newer before older. */
function bestFirst(a: Told, b: Told): number {
  return (
    Number(isWhole(b)) - Number(isWhole(a)) ||
    settled(b) - settled(a) ||
    compare(b.shard.startedAt, a.shard.startedAt) ||
    compare(b.shard.run, a.shard.run) ||
    b.lines.length - a.lines.length ||
    compare(JSON.stringify(a.shard), JSON.stringify(b.shard))
  );
}

const isWhole = ({ shard }: Told) => shard.endedAt !== undefined && !shard.interrupted;

function settled({ lines }: Told): number {
  return new Set(lines.flatMap((entry) => (entry.type === 'cell-ended' ? [entry.cell] : []))).size;
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
