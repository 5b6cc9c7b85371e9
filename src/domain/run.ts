import type { CellId } from './cell.ts';
import type { DistroFacts, Entry, HostFacts } from './entry.ts';
import type { KnownIssue } from './known-issue.ts';
import type { Outcome } from './outcome.ts';
import type { BatchId, Plan } from './plan.ts';
import type { Facts, Result, Timings } from './result.ts';
import type { Shard, Shards } from './shard.ts';
import { withFinding } from './with-finding.ts';

/** A run as its journal tells it: nothing in here that an entry did not say. */
export interface Run {
  readonly id: string;
  readonly startedAt: string;
  /** Missing: the farm died before the end, or is still at it. */
  readonly endedAt?: string;
  /** The signal that ended it early. */
  readonly interrupted?: string;
  /** Of the last sitting: facts of batches are what it found. */
  readonly host: HostFacts;
  readonly plan: Plan;
  readonly distros: readonly DistroFacts[];
  readonly command: readonly string[];
  readonly modified: readonly string[];
  /** Digests of releases and scenarios as they were when it began; none in journals of before there were any. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What was known to fail when it began. */
  readonly knownIssues?: readonly KnownIssue[];
  /** Which part of a plan it is; missing: all of it. */
  readonly part?: Shard;
  /** What it was put together from. */
  readonly shards?: Shards;
  readonly timings: ReadonlyMap<BatchId, Timings>;
  /** Facts of a whole batch: its speed class, image digest, deviations. */
  readonly batchFacts: ReadonlyMap<BatchId, Facts>;
  readonly results: ReadonlyMap<CellId, Result>;
}

/** Folds a journal into a run. The same entries always tell the same story. Throws a TypeError on a journal that can't be. */
export function replay([head, ...rest]: readonly Entry[]): Run {
  if (head?.type !== 'run-started') {
    throw new TypeError('a journal begins with run-started');
  }

  const timings = new Map<BatchId, Timings>();
  const batchFacts = new Map<BatchId, Facts>();
  const results = new Map<CellId, Result>();
  const changed: string[] = [];
  let { host } = head;
  let ending: Pick<Run, 'endedAt' | 'interrupted'> = {};

  for (const entry of rest) {
    switch (entry.type) {
      case 'run-started':
        throw new TypeError('a journal holds one run');
      case 'run-resumed':
        ending = {};
        host = entry.host;
        changed.push(...(entry.changed ?? []));
        break;
      case 'phase-ended':
        if (entry.cell) {
          amend(results, entry.cell, (result) => ({
            ...result,
            timings: { ...result.timings, [entry.phase]: entry.ms },
          }));
        } else {
          timings.set(entry.batch, { ...timings.get(entry.batch), [entry.phase]: entry.ms });
        }
        break;
      case 'machine-started':
        break;
      case 'cell-started':
        amend(results, entry.cell, (result) => ({
          ...result,
          attempts: [...result.attempts, { number: entry.attempt, startedAt: entry.at }],
        }));
        break;
      case 'fact':
        if (isCell(entry.subject)) {
          amend(results, entry.subject, (result) => ({ ...result, facts: withFact(result.facts, entry) }));
        } else {
          batchFacts.set(entry.subject, withFact(batchFacts.get(entry.subject), entry));
        }
        break;
      case 'file':
        amend(results, entry.cell, (result) => ({ ...result, files: [...result.files, entry.path] }));
        break;
      case 'attempt-ended':
        amend(results, entry.cell, (result) => ({
          ...result,
          attempts: result.attempts.map((attempt) =>
            attempt.number === entry.attempt ? { ...attempt, outcome: entry.outcome, ms: entry.ms } : attempt,
          ),
        }));
        break;
      case 'cell-ended':
        // What was found of a verdict goes with it: a run that is gone on with may come to another.
        amend(results, entry.cell, ({ finding: _, trials: __, ...result }) => ({
          ...result,
          outcome: entry.outcome,
          endedAt: entry.at,
          ms: entry.ms,
          ...(entry.shard !== undefined && { shard: entry.shard }),
        }));
        break;
      case 'experiment-ended':
        amend(results, entry.cell, (result) => ({
          ...result,
          trials: [...(result.trials ?? []), entry.trial],
        }));
        break;
      case 'finding-made':
        amend(results, entry.cell, (result) => withFinding(result, entry.finding));
        break;
      case 'run-ended':
        ending = { endedAt: entry.at, ...(entry.interrupted && { interrupted: entry.interrupted }) };
        break;
      default:
        entry satisfies never;
    }
  }

  const { run: id, at: startedAt, plan, distros, command, inputs = {} } = head;
  const since = [...new Set(changed)].map((input) => `${input} was changed before the run was gone on with`);
  const modified = [...head.modified, ...since];
  const { knownIssues, part, shards } = head;
  const whence = { ...(knownIssues && { knownIssues }), ...(part && { part }), ...(shards && { shards }) };
  const told = { timings, batchFacts, results, ...whence };
  return { id, startedAt, ...ending, host, plan, distros, command, modified, inputs, ...told };
}

/** What came of a cell; undefined where no verdict stands. */
export function outcomeOf(run: Run, cell: CellId): Outcome | undefined {
  return run.results.get(cell)?.outcome;
}

function isCell(subject: CellId | BatchId): subject is CellId {
  return subject.split('/').length === 3;
}

const withFact = (
  facts: Facts = {},
  { key, value }: Pick<Extract<Entry, { type: 'fact' }>, 'key' | 'value'>,
) => ({ ...facts, [key]: value });

const nothing: Result = { attempts: [], ms: 0, timings: {}, facts: {}, files: [] };

function amend(results: Map<CellId, Result>, cell: CellId, change: (result: Result) => Result): void {
  results.set(cell, change(results.get(cell) ?? nothing));
}
