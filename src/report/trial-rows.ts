import type { Experiment, Reading, SwapPart, Trial } from '../domain/finding.ts';
import type { Attempt } from '../domain/result.ts';
import { oneLine } from '../domain/text.ts';

/** A line of the truth table: what the machine was like, and what came of it. */
export interface TrialRow {
  /** `A`: as it is; `B`: with a change. Missing: no scenario was run. */
  readonly mark?: 'A' | 'B';
  readonly what: string;
  readonly came: string;
  /** What was said, on one line. */
  readonly said?: string;
  /** Where its evidence is, below the run's folder. */
  readonly folder?: string;
}

const partWords: Readonly<Record<SwapPart, string>> = {
  vmm: 'the VMM',
  firmware: 'firmware and ROMs',
  virtiofsd: 'virtiofsd',
  'guest-kernel': "the guest's kernel",
  'guest-image': "the guest's image",
  engine: 'the container engine',
  lsm: 'the security module',
  kata: 'Kata',
};

/** The truth table of a cell: its own attempts first, then what was tried on clones, in order. */
export function trialRows(attempts: readonly Attempt[], trials: readonly Trial[]): readonly TrialRow[] {
  return [...attempts.map(attemptRow), ...trials.map(trialRow)];
}

function attemptRow({ number, outcome }: Attempt): TrialRow {
  const said = outcome && 'message' in outcome ? outcome.message : undefined;
  return {
    mark: 'A',
    what: number === 1 ? 'as it is' : 'as it is, on another clone',
    came: cameOf(outcome?.status),
    ...(said !== undefined && { said: oneLine(said) }),
  };
}

function trialRow({ experiment, outcome, readings, folder }: Trial): TrialRow {
  const where = folder === undefined ? {} : { folder: oneLine(folder, 400) };
  if (experiment.kind === 'facilities') {
    return { what: whatOf(experiment), ...readingsRow(readings ?? []), ...where };
  }
  return {
    mark: experiment.kind === 'again' ? 'A' : 'B',
    what: whatOf(experiment),
    came: cameOf(outcome?.status),
    ...(outcome?.message !== undefined && { said: oneLine(outcome.message) }),
    ...where,
  };
}

function whatOf(experiment: Experiment): string {
  switch (experiment.kind) {
    case 'facilities':
      return 'each facility of the machine, by use';
    case 'again':
      return 'as it is, again';
    case 'mend':
      return `${oneLine(experiment.facility)} put right`;
    case 'swap':
      return `${partWords[experiment.part]} replaced by ${oneLine(experiment.by)}`;
    default:
      return experiment satisfies never;
  }
}

/** Green and red are the scenario's; anything else says nothing of what was tried. */
function cameOf(status: string | undefined): string {
  switch (status) {
    case 'passed':
      return 'green';
    case 'failed':
      return 'red';
    case undefined:
      return 'no answer';
    default:
      return `no answer (${status})`;
  }
}

function readingsRow(readings: readonly Reading[]): Pick<TrialRow, 'came' | 'said'> {
  const of = (ok: boolean | undefined) => readings.filter((one) => one.ok === ok);
  const bad = of(false);
  const untold = of(undefined);
  const counts = [
    `${of(true).length} work`,
    ...(bad.length > 0 ? [`${bad.length} do not`] : []),
    ...(untold.length > 0 ? [`${untold.length} could not be tried`] : []),
  ];
  const said = bad.map((one) => `${oneLine(one.facility, 60)}: ${oneLine(one.said)}`).join('; ');
  return { came: counts.join(', '), ...(said !== '' && { said }) };
}
