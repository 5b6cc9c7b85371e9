import type { Cell, CellId } from './cell.ts';
import type { Phase, Status } from './outcome.ts';
import type { BatchId } from './plan.ts';
import type { Result } from './result.ts';
import type { Run } from './run.ts';

/** What earlier runs let expect. Durations are in milliseconds, the median of the last few. */
export interface History {
  /** Of one attempt at a cell, on a machine of its own. */
  readonly cells: ReadonlyMap<string, Spans>;
  /** The same of all releases together, by `STACK/SCENARIO`. */
  readonly scenarios: ReadonlyMap<string, Spans>;
  /** By `RELEASE/VARIANT PHASE`. */
  readonly phases: ReadonlyMap<string, Spans>;
  readonly verdicts: ReadonlyMap<BatchId, ReadonlyMap<CellId, LastVerdict>>;
}

/** By speed class; `''` is all of them together. */
export type Spans = ReadonlyMap<string, number>;

/** What stood last of a cell, wherever its machine was had in the same way. */
export interface LastVerdict {
  readonly status: Status;
  readonly flaky: boolean;
  /** ISO date and time. */
  readonly at: string;
  /** Of the image that its machine was made from; undefined in journals that don't say. */
  readonly digest: string | undefined;
}

/** So many of the newest samples count: enough for one odd night to be outvoted, few enough to follow a change. */
const newest = 5;

/** A run whose machines, releases or scenarios somebody changed tells how long things take, and nothing else. */
export function historyOf(runs: readonly Run[]): History {
  const inOrder = [...runs].sort((a, b) => compare(b.startedAt, a.startedAt) || compare(b.id, a.id));
  const cells = new Samples();
  const scenarios = new Samples();
  const phases = new Samples();
  const verdicts = new Map<BatchId, Map<CellId, LastVerdict>>();

  for (const run of inOrder) {
    for (const batch of run.plan.batches) {
      const facts = run.batchFacts.get(batch.id) ?? {};
      const speed = String(facts['speed'] ?? '');
      for (const [phase, ms] of Object.entries(run.timings.get(batch.id) ?? {})) {
        if (phase === 'prepare' && run.modified.length > 0) {
          continue;
        }
        phases.add(phaseKey(batch.id, phase as Phase), speed, ms);
      }

      const known = verdicts.get(batch.id) ?? new Map<CellId, LastVerdict>();
      verdicts.set(batch.id, known);
      for (const cell of batch.cells) {
        const result = run.results.get(cell.id);
        for (const ms of result ? spansOf(result) : []) {
          cells.add(cell.id, speed, ms);
          scenarios.add(scenarioKey(cell), speed, ms);
        }
        const verdict = result && verdictOf(result, facts['image.digest']);
        const before = known.get(cell.id);
        if (verdict && run.modified.length === 0 && (!before || verdict.at > before.at)) {
          known.set(cell.id, verdict);
        }
      }
    }
  }
  return { cells: cells.medians(), scenarios: scenarios.medians(), phases: phases.medians(), verdicts };
}

/** One attempt at a cell: as it was, else as the same scenario was on other releases. `speed` is a speed class, if known. */
export function expectedMs(history: History, cell: Cell, speed = ''): number | undefined {
  const own = history.cells.get(cell.id);
  const others = history.scenarios.get(scenarioKey(cell));
  return own?.get(speed) ?? others?.get(speed) ?? own?.get('') ?? others?.get('');
}

/** A batch's phases one after the other; undefined where none of them is known. */
export function phasesMs(
  history: History,
  batch: BatchId,
  phases: readonly Phase[],
  speed = '',
): number | undefined {
  const known = phases.flatMap((phase) => {
    const spans = history.phases.get(phaseKey(batch, phase));
    const ms = spans?.get(speed) ?? spans?.get('');
    return ms === undefined ? [] : [ms];
  });
  return known.length > 0 ? known.reduce((sum, ms) => sum + ms, 0) : undefined;
}

/** Not of a cell's whole time, which holds the waiting for a machine; nor of attempts that the farm itself spoilt. */
function spansOf({ attempts }: Result): readonly number[] {
  return attempts.flatMap(({ outcome, ms }) =>
    ms !== undefined && (outcome?.status === 'passed' || outcome?.status === 'failed') ? [ms] : [],
  );
}

function verdictOf({ outcome, endedAt }: Result, digest: unknown): LastVerdict | undefined {
  if (!outcome || !endedAt) {
    return undefined;
  }
  const flaky = outcome.status === 'passed' && outcome.flaky === true;
  return {
    status: outcome.status,
    flaky,
    at: endedAt,
    digest: digest === undefined ? undefined : String(digest),
  };
}

/** Collects from the newest to the oldest. */
class Samples {
  readonly #all = new Map<string, Map<string, number[]>>();

  add(key: string, speed: string, ms: number): void {
    const spans = this.#all.get(key) ?? new Map<string, number[]>();
    this.#all.set(key, spans);
    for (const of of new Set([speed, ''])) {
      const samples = spans.get(of) ?? [];
      spans.set(of, samples.length < newest ? [...samples, ms] : samples);
    }
  }

  medians(): ReadonlyMap<string, Spans> {
    const medianOf = (spans: ReadonlyMap<string, readonly number[]>) =>
      new Map([...spans].map(([speed, samples]) => [speed, median(samples)]));
    return new Map([...this.#all].map(([key, spans]) => [key, medianOf(spans)]));
  }
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

const scenarioKey = ({ stack, scenario }: Cell) => `${stack}/${scenario}`;
const phaseKey = (batch: BatchId, phase: Phase) => `${batch} ${phase}`;
const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
