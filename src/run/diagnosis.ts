import type { Case, Next } from '../diagnose/case.ts';
import type { CellId } from '../domain/cell.ts';
import type { Finding, Trial } from '../domain/finding.ts';
import type { Errored, Failed } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import { withoutFigures } from '../domain/text.ts';
import { type Benches, benchFor } from './benches.ts';
import { caseOf, type Surroundings } from './case-of.ts';
import { countingLines, toldBy } from './counting-lines.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Bench } from './experiment.ts';
import type { Farm } from './farm.ts';
import { cellFrom } from './ledger.ts';
import { type SharedReadings, triesOf } from './tries.ts';

/** Experiments that one failure is worth. */
export const mostExperiments = 12;

/** Phases in which the farm's own trouble may be somebody else's after all. */
const worthALook: ReadonlySet<string> = new Set(['image', 'boot', 'prepare', 'execute']);

/** A batch whose cells have all ended, and whose templates are still there. */
export interface DiagnosisGround extends Surroundings {
  readonly batch: BatchId;
  /** Who made machines for its cells. */
  readonly benches: Benches;
}

interface Failure {
  readonly cell: CellId;
  readonly outcome: Failed | Errored;
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
  const causes = Map.groupBy(failuresIn(farm, ground), causeOf);
  const ended = await Promise.allSettled(
    [...causes.values()].map((alike) => investigate(farm, ground, diagnostics, alike, readings)),
  );
  const broken = ended.find((one) => one.status === 'rejected');
  if (broken) {
    throw broken.reason;
  }
}

function failuresIn(farm: Farm, { ledger }: DiagnosisGround): readonly Failure[] {
  return ledger.cells.flatMap((cell): Failure[] => {
    const { outcome } = ledger.of(cell);
    const before = farm.past.get(cell);
    const isNew = before?.outcome !== outcome;
    if (!outcome || (before?.finding && !isNew)) {
      return [];
    }
    const isMeant =
      outcome.status === 'failed' || (outcome.status === 'errored' && worthALook.has(outcome.phase));
    return isMeant ? [{ cell, outcome }] : [];
  });
}

/** What fails alike has one cause: on the same stack, with the same words, whatever numbers stand in them. */
function causeOf({ cell, outcome }: Failure): string {
  const { stack, kata = '' } = cellFrom(cell);
  const kind = outcome.status === 'failed' ? (outcome.class ?? '') : outcome.phase;
  return JSON.stringify([stack, kata, outcome.status, kind, withoutFigures(outcome.message)]);
}

async function investigate(
  farm: Farm,
  ground: DiagnosisGround,
  diagnostics: Diagnostics,
  alike: readonly Failure[],
  readings: SharedReadings,
): Promise<void> {
  const [first, ...others] = alike as readonly [Failure, ...Failure[]];
  const bench = benchFor(farm, ground.benches, ground.distro, cellFrom(first.cell), diagnostics);
  const one = await caseOf(farm, ground, first.cell, first.outcome, bench?.swaps ?? []);
  const finding = await findingOf(farm, ground, diagnostics, one, bench, readings);
  if (!finding) {
    return;
  }
  await farm.record({ type: 'finding-made', cell: first.cell, finding });
  const because = [`it failed as ${first.cell} did, which was looked into for both`, ...finding.because];
  for (const { cell } of others) {
    const own = countingLines(await toldBy(farm.folder, ground.ledger.of(cell).files), []);
    const evidence = finding.evidence.map((line) => own.find(({ text }) => text === line.text) ?? line);
    await farm.record({ type: 'finding-made', cell, finding: { ...finding, because, evidence } });
  }
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
  const tryOut = await triesOf(farm, batch, cell.id, bench, readings);

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
