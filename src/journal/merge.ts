import { createHash } from 'node:crypto';
import type { Entry, HostFacts } from '../domain/entry.ts';
import { basisNamed, rankOf } from '../domain/evidence.ts';
import type { BatchId } from '../domain/plan.ts';
import { type CameShard, shortOf } from '../domain/shard.ts';
import { chosenOf } from './choose-shards.ts';
import { type Common, type NamedJournal, type Told, toldIn } from './shard-journal.ts';

/** A run that was put together, as a journal. */
export interface Merged {
  readonly run: string;
  readonly entries: readonly Entry[];
  /** Of each shard that came back, which journal speaks for it. */
  readonly chosen: readonly Told[];
  /** What is not whole, and what was left out, in words. */
  readonly remarks: readonly string[];
}

/**
 * Puts the shards of one night together. In whatever order, however often and in however many steps: the same journal. Of a
 * shard that was run twice the more complete run speaks, else the newer. Throws a UserError for shards that are not of one
 * plan, one Kata, the same scenarios and the same night.
 */
export function mergeJournals(journals: readonly NamedJournal[]): Merged {
  const { common, chosen, remarks } = chosenOf(journals.map(toldIn));
  const came = chosen.map(({ shard }) => shard);
  const run = idOf(common, came);
  // Stable: what has one time stays in the order of the shards, and what is of one shard in its own.
  const body = chosen
    .flatMap(({ lines }) => timed(lines))
    .toSorted((a, b) => compare(a.at, b.at))
    .map(({ entry }) => entry);
  const shards = { of: common.of, split: common.split, came };
  const short = shortOf(shards);
  const last = [...came.flatMap(({ endedAt }) => endedAt ?? []), ...body.map(({ at }) => at)]
    .toSorted(compare)
    .at(-1);
  const at = last ?? startOf(came);

  const known = new Map(chosen.flatMap(({ knownIssues }) => knownIssues).map((issue) => [issue.id, issue]));
  const knownIssues = [...known.values()].toSorted((a, b) => compare(a.id, b.id));
  const head: Entry = {
    ...{ at: startOf(came), type: 'run-started', v: 1, run },
    host: hostOf(came),
    ...{ plan: common.plan, distros: common.distros, command: common.command },
    modified: [...new Set(came.flatMap(({ modified }) => modified))].toSorted(),
    ...(common.inputs && { inputs: common.inputs }),
    ...(knownIssues.length > 0 && { knownIssues }),
    shards,
  };
  // Where all came to their end, the run did.
  const isWhole = came.length === common.of && came.every(({ endedAt }) => endedAt !== undefined);
  const interrupted = came.find((shard) => shard.interrupted)?.interrupted;
  const end: readonly Entry[] = isWhole
    ? [{ at, type: 'run-ended', ...(interrupted && { interrupted }) }]
    : [];
  return {
    run,
    entries: [head, ...body, ...worstSpeeds(body, at), ...end],
    chosen,
    remarks: [...short, ...remarks],
  };
}

/** When each was written, by a clock that never goes back: a host's may, and the order of what it wrote is its journal's. */
function timed(lines: readonly Entry[]): readonly { readonly entry: Entry; readonly at: string }[] {
  let at = '';
  return lines.map((entry) => {
    at = entry.at > at ? entry.at : at;
    return { entry, at };
  });
}

/** Sorts by time, as other runs do; the same shards have the same. */
function idOf({ split }: Common, came: readonly CameShard[]): string {
  const [day = '', time = ''] = startOf(came).split('T');
  const digest = createHash('sha256')
    .update([split, ...came.map(({ run }) => run)].join('\n'))
    .digest('hex');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${digest.slice(0, 4)}`;
}

function startOf(came: readonly CameShard[]): string {
  return came.map(({ startedAt }) => startedAt).toSorted(compare)[0] ?? '';
}

/** What is not the same on all hosts is told of each. */
function hostOf(came: readonly CameShard[]): HostFacts {
  const keys = [...new Set(came.flatMap(({ host }) => Object.keys(host)))];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = [...new Set(came.flatMap(({ host }) => host[key] ?? []))];
      const [first] = values;
      return first === undefined
        ? []
        : [[key, values.length === 1 ? first : values.map(String).toSorted().join(' | ')]];
    }),
  );
}

/** Of a release that was split over hosts that can do unlike things, all is worth as much as the worst of it: no word is more than it was. */
function worstSpeeds(body: readonly Entry[], at: string): readonly Entry[] {
  const speeds = new Map<BatchId, Map<number, string>>();
  for (const entry of body) {
    if (entry.type === 'fact' && entry.key === 'speed' && entry.subject.split('/').length === 2) {
      const batch = entry.subject as BatchId;
      const told = speeds.get(batch) ?? new Map<number, string>();
      speeds.set(batch, told.set(shardOf(entry), String(entry.value)));
    }
  }
  return [...speeds].flatMap(([subject, told]): readonly Entry[] => {
    const values = [...new Set(told.values())].toSorted(
      (a, b) => rankOf(basisNamed(a)) - rankOf(basisNamed(b)),
    );
    const [worst] = values;
    return values.length > 1 && worst !== undefined
      ? [{ at, type: 'fact', subject, key: 'speed', value: worst }]
      : [];
  });
}

const shardOf = ({ shard = 0 }: Entry) => shard;
const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
