import type { Entry, HostFacts } from '../../../src/domain/entry.ts';
import type { KataBuild } from '../../../src/domain/kata.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { Plan } from '../../../src/domain/plan.ts';
import { entriesLike, failedTwice, passed } from '../domain/run-like.ts';

export const redBoot: Outcome = failedTwice[0];

/** What is not as usual about a shard. */
export interface Change {
  readonly run?: string;
  readonly at?: string;
  readonly of?: number;
  readonly split?: string;
  readonly katas?: readonly KataBuild[];
  readonly inputs?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly host?: HostFacts;
  readonly modified?: readonly string[];
  readonly interrupted?: string;
  /** Of its boot cell. */
  readonly outcome?: Outcome;
  /** The release debian-11 is split over the first two. */
  readonly halves?: boolean;
}

const releases = ['debian-11', 'debian-12', 'debian-13'] as const;
const command = ['debian-11', 'debian-12', 'debian-13', '--kata', 'none'];

/** The same night in one run. */
export function whole(): readonly Entry[] {
  const cells = Object.fromEntries(
    releases.flatMap((release) => [
      [`${release}/host/host.boot`, passed],
      [`${release}/host/host.kvm`, release === 'debian-12' ? failedTwice : passed],
    ]),
  );
  return entriesLike({ id: 'whole', cells }).map((entry) =>
    entry.type === 'run-started' ? { ...entry, command } : entry,
  );
}

/** One of three shards, each a release with two cells. */
export function shard(index: 1 | 2 | 3, change: Change = {}): readonly Entry[] {
  const { halves = false, outcome, at = `2026-11-22T02:00:0${index}.000Z`, of = 3 } = change;
  const release = releases[halves ? 0 : index - 1] ?? 'debian-11';
  const boot = outcome ? [outcome, outcome] : passed;
  const kvm = release === 'debian-12' ? failedTwice : passed;
  const cells = {
    ...(!(halves && index > 1) && { [`${release}/host/host.boot`]: boot }),
    ...(!(halves && index === 1) && { [`${release}/host/host.kvm`]: kvm }),
  };
  const [wholeHead] = whole();
  const plan: Plan = {
    ...(wholeHead?.type === 'run-started' ? wholeHead.plan : { batches: [], skipped: [] }),
    ...(change.katas && { katas: change.katas }),
  };
  const distros = wholeHead?.type === 'run-started' ? wholeHead.distros : [];

  return entriesLike({
    id: change.run ?? `shard-${index}`,
    cells,
    ...(change.host && { host: change.host }),
  }).map((entry): Entry => {
    if (entry.type === 'run-ended') {
      return { ...entry, at, ...(change.interrupted && { interrupted: change.interrupted }) };
    }
    return entry.type === 'run-started'
      ? {
          ...entry,
          at,
          command: [...(change.command ?? command), '--shard', `${index}/${of}`],
          modified: change.modified ?? [],
          inputs: change.inputs ?? { 'host.boot': 'as it is' },
          part: { index, of, split: change.split ?? '0123456789ab', plan, distros },
        }
      : { ...entry, at };
  });
}

/** The same, of a farm that died before its second cell. */
export function cut(entries: readonly Entry[]): readonly Entry[] {
  const last = entries.findIndex(({ type }) => type === 'cell-ended');
  return entries.slice(0, last + 1);
}

/** The same, on machines that can do so much. */
export function speedOf(entries: readonly Entry[], speed: string): readonly Entry[] {
  return entries.map((entry) =>
    entry.type === 'fact' && entry.key === 'speed' ? { ...entry, value: speed } : entry,
  );
}
