import type { Component, Experiment, Reading, Trial } from '../domain/finding.ts';
import { groupOf, isMeant, type ScenarioId } from '../domain/scenario.ts';
import type { Case } from './case.ts';
import { facilities } from './facilities.ts';
import type { Facility } from './facility.ts';
import type { FailureClass } from './failure-class.ts';
import type { Known } from './known.ts';
import { resolve } from './resolve.ts';
import { cameTo, owesAgain } from './swaps.ts';

/** A red facility that may be the reason of a failure. */
export interface RedFacility {
  readonly facility: Facility;
  readonly said: string;
  readonly component: Component;
  /** It is known to be the reason of failures of this kind; else only mending it can tell. */
  readonly explains: boolean;
  /** What mending it came to; missing: it wasn't tried. */
  readonly mended?: ReturnType<typeof cameTo>;
}

/** Whether anything would be learned of the machine's facilities. */
export function isWorthTrying(one: Case, { row }: Known): boolean {
  const used = facilities.filter((facility) => isUsed(facility, one.cell.scenario));
  if (!row || row.symptom || row.blame === 'unknown') {
    return used.length > 0;
  }
  return used.some((facility) => isReasonOf(facility, row));
}

/**
 * What the machine's facilities said; undefined: they were not asked. One that was put right to no avail is not the reason,
 * and confirms nothing.
 */
export function readingsOfTrials(trials: readonly Trial[]): readonly Reading[] | undefined {
  return trials
    .find(({ experiment }) => experiment.kind === 'facilities')
    ?.readings?.filter(({ facility }) => mendingOf(facility, trials) !== 'red');
}

/** Those that are red and may be the reason, the likelier first. */
export function redFacilities(one: Case, { row }: Known, trials: readonly Trial[]): readonly RedFacility[] {
  const readings = readingsOfTrials(trials) ?? [];
  const red = facilities.flatMap((facility): RedFacility[] => {
    const reading = readings.find((candidate) => candidate.facility === facility.id);
    if (reading?.ok !== false || !isUsed(facility, one.cell.scenario)) {
      return [];
    }
    const explains = !row || row.symptom === true || isReasonOf(facility, row);
    // A definite class of another kind wins over whatever else is wrong with the machine.
    if (!explains && (row?.blame !== 'unknown' || facility.mend === undefined)) {
      return [];
    }
    const [, blame = 'unknown'] = facility.blames.find(([said]) => said.test(reading.said)) ?? [];
    const { component } = resolve(blame, one, { id: facility.class, takes: reading.said });
    const mended = mendingOf(facility.id, trials);
    return [{ facility, said: reading.said, component, explains, ...(mended && { mended }) }];
  });
  return red.toSorted((a, b) => Number(b.explains) - Number(a.explains));
}

/** What is to be put right next, or tried again after that; undefined: there is nothing more. */
export function nextMending(red: readonly RedFacility[], trials: readonly Trial[]): Experiment | undefined {
  if (owesAgain(trials)) {
    return { kind: 'again' };
  }
  // What a kernel lacks is not put right on a machine.
  const next = red.find(
    ({ facility, component, mended }) =>
      facility.mend !== undefined && component !== 'distro-kernel' && mended === undefined,
  );
  return next && { kind: 'mend', facility: next.facility.id };
}

/** What a class needs to be confirmed by is the reason of it as well. */
export function isReasonOf({ id, explains }: Facility, { id: kind, words = [] }: FailureClass): boolean {
  return explains.includes(kind) || words.some(({ confirm }) => confirm === id);
}

/** Scenarios of the host say themselves what they find, so that only what they are about counts for them. */
function isUsed({ takesBlameIn }: Facility, scenario: ScenarioId): boolean {
  const globs =
    groupOf(scenario) === 'host' ? takesBlameIn.filter((glob) => glob === scenario) : takesBlameIn;
  return globs.some((glob) => isMeant(scenario, glob));
}

function mendingOf(id: string, trials: readonly Trial[]): ReturnType<typeof cameTo> | undefined {
  const trial = trials.find(({ experiment }) => experiment.kind === 'mend' && experiment.facility === id);
  return trial && cameTo(trial, trials);
}
