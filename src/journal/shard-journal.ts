import type { Entry } from '../domain/entry.ts';
import { replay } from '../domain/run.ts';
import type { CameShard } from '../domain/shard.ts';
import { UserError } from '../errors.ts';

/** A journal, and what people know it by. */
export interface NamedJournal {
  readonly name: string;
  readonly entries: readonly Entry[];
}

export type Head = Extract<Entry, { type: 'run-started' }>;

/** What all shards of one night have alike. */
export type Common = Pick<Head, 'plan' | 'distros' | 'inputs'> & {
  readonly of: number;
  readonly split: string;
  /** Without which part it was. */
  readonly command: readonly string[];
};

/** What one shard came to, from its own journal or from one that it was put into. */
export interface Told {
  readonly name: string;
  readonly shard: CameShard;
  /** In their order, without those of the run itself; each says which shard's it is. */
  readonly lines: readonly Entry[];
  readonly knownIssues: NonNullable<Head['knownIssues']>;
}

/** Throws a UserError for a journal that is of no shard, nor put together from any. */
export function toldIn({ name, entries }: NamedJournal): {
  readonly common: Common;
  readonly told: readonly Told[];
} {
  const [head, ...rest] = entries;
  if (head?.type !== 'run-started') {
    throw new UserError(`cannot merge ${name}: it does not begin with the start of a run`);
  }
  if (head.part) {
    return ofShard(name, head, entries);
  }
  if (head.shards) {
    return ofMerged(name, head, rest);
  }
  throw new UserError(
    `cannot merge ${name}: it is a run of its own, no shard; report, publish and diff take it as it is`,
  );
}

function ofShard(name: string, head: Head, entries: readonly Entry[]) {
  const { part, knownIssues = [] } = head;
  if (!part) {
    throw new TypeError('a shard says which part it is');
  }
  const { index, of, split, plan, distros } = part;
  const { startedAt, endedAt, interrupted, host, modified } = replay(entries);
  const shard: CameShard = {
    ...{ index, run: head.run, startedAt },
    ...(endedAt !== undefined && { endedAt }),
    ...(interrupted !== undefined && { interrupted }),
    ...{ host, modified },
  };
  const lines = entries.slice(1).flatMap((entry) => (isOfRun(entry) ? [] : [{ ...entry, shard: index }]));
  const command = head.command.filter((word, at) => word !== '--shard' && head.command[at - 1] !== '--shard');
  const common = { of, split, plan, distros, inputs: head.inputs ?? {}, command };
  return { common, told: [{ name, shard, lines, knownIssues }] };
}

function ofMerged(name: string, head: Head, rest: readonly Entry[]) {
  const { shards, plan, distros, inputs = {}, command, knownIssues = [] } = head;
  if (!shards) {
    throw new TypeError('a merged journal says from what');
  }
  if (rest.some(({ type }) => type === 'run-resumed')) {
    throw new UserError(
      `cannot merge ${name}: it was gone on with after it was put together; merge its shards, or take it as it is`,
    );
  }
  const { of, split, came } = shards;
  const own = Map.groupBy(rest, (entry) => entry.shard);
  const told = came.map((shard) => ({ name, shard, lines: own.get(shard.index) ?? [], knownIssues }));
  return { common: { of, split, plan, distros, inputs, command }, told };
}

function isOfRun({ type }: Entry): boolean {
  return type === 'run-started' || type === 'run-resumed' || type === 'run-ended';
}
