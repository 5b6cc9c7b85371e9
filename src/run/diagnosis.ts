import type { Case, Next } from '../diagnose/case.ts';
import { cellFrom } from '../domain/cell.ts';
import type { Finding, Trial } from '../domain/finding.ts';
import type { BatchId } from '../domain/plan.ts';
import { type Benches, benchFor } from './benches.ts';
import { caseOf, type Surroundings } from './case-of.ts';
import { countingLines, toldBy } from './counting-lines.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Bench } from './experiment.ts';
import { becauseOf, type Cause, causesOf, type Failure } from './failures.ts';
import type { Farm } from './farm.ts';
import { lastGreenWords } from './last-green.ts';
import { type SharedReadings, triesOf } from './tries.ts';

/** Experiments that one failure is worth. */
export const mostExperiments = 12;

/** A batch whose cells have all ended, and whose templates are still there. */
export interface DiagnosisGround extends Surroundings {
  readonly batch: BatchId;
  /** Who made machines for its cells. */
  readonly benches: Benches;
}

/**
 * Looks into each of a batch's failures until it has a finding, what failed alike once. Those of before the run was gone on
 * with that have none are looked into as well. Rejects only when the run is interrupted, or its journal can't be written.
 */
export async function diagnose(farm: Farm, ground: DiagnosisGround): Promise<void> {
  const { diagnostics } = farm;
  if (!diagnostics) {
    return;
  }
  const readings: SharedReadings = new Map();
  const looks = causesOf(farm, ground.ledger).map(
    (cause) => () => investigate(farm, ground, diagnostics, cause, readings),
  );
  const [first] = ground.benches.values();
  const ended = first?.isShared ? await inTurn(looks) : await Promise.allSettled(looks.map((look) => look()));
  const broken = ended.find((one) => one.status === 'rejected');
  if (broken) {
    throw broken.reason;
  }
}

/** One after the other: they have one machine between them. */
async function inTurn(deeds: readonly (() => Promise<void>)[]): Promise<PromiseSettledResult<void>[]> {
  const ended: PromiseSettledResult<void>[] = [];
  for (const deed of deeds) {
    ended.push(...(await Promise.allSettled([deed()])));
  }
  return ended;
}

async function investigate(
  farm: Farm,
  ground: DiagnosisGround,
  diagnostics: Diagnostics,
  { first, others, found }: Cause,
  readings: SharedReadings,
): Promise<void> {
  const finding = found ?? (await lookInto(farm, ground, diagnostics, first, readings));
  if (!finding) {
    return;
  }
  if (!found) {
    await farm.record({ type: 'finding-made', cell: first.cell, finding });
  }
  const because = becauseOf(first, finding);
  for (const { cell } of others) {
    const own = countingLines(await toldBy(farm.folder, ground.ledger.of(cell).files), []);
    const evidence = finding.evidence.map((line) => own.find(({ text }) => text === line.text) ?? line);
    await farm.record({ type: 'finding-made', cell, finding: { ...finding, because, evidence } });
  }
}

async function lookInto(
  farm: Farm,
  ground: DiagnosisGround,
  diagnostics: Diagnostics,
  { cell, outcome }: Failure,
  readings: SharedReadings,
): Promise<Finding | undefined> {
  const bench = benchFor(farm, ground.benches, ground.distro, cellFrom(cell), diagnostics);
  // What failed had a machine once: named without another look at one, somebody could be blamed for what a facility lacks.
  if (!bench && outcome.status === 'failed') {
    farm.watcher.said(`${cell} is not looked into: no machine is to be had for it now`, ground.batch);
    return undefined;
  }
  const green = await farm.lastGreenOf?.(cell, ground.batch);
  const one = await caseOf(farm, ground, cell, outcome, bench?.swaps ?? [], green);
  const finding = await findingOf(farm, ground, diagnostics, one, bench, readings);
  return finding && green
    ? { ...finding, because: [lastGreenWords(cell, green), ...finding.because] }
    : finding;
}

/** Tries what is asked for until there is a finding; undefined where the asking itself goes wrong. */
async function findingOf(
  farm: Farm,
  { batch }: DiagnosisGround,
  { next }: Diagnostics,
  one: Case,
  bench: Bench | undefined,
  readings: SharedReadings,
): Promise<Finding | undefined> {
  const { cell } = one;
  const before = farm.past.get(cell.id);
  const trials = before?.outcome === one.outcome ? [...(before.trials ?? [])] : [];
  const tryOut = await triesOf(farm, batch, cell.id, one.outcome, bench, readings);

  for (;;) {
    let step: Next;
    try {
      step = next(one, trials);
    } catch (error) {
      farm.watcher.said(`${cell.id} is not diagnosed: ${(error as Error).message}`, batch);
      return undefined;
    }
    if (step.finding) {
      return step.finding;
    }
    if (step.experiments.length === 0 || trials.length + step.experiments.length > mostExperiments) {
      return givenUp(trials);
    }
    for (const experiment of step.experiments) {
      const trial = await tryOut(experiment);
      await farm.record({ type: 'experiment-ended', cell: cell.id, trial });
      trials.push(trial);
    }
  }
}

function givenUp(trials: readonly Trial[]): Finding {
  const because = [`nobody can be named after ${trials.length} experiments, and no more are made`];
  return { component: 'unknown', because, evidence: [], versions: {} };
}
