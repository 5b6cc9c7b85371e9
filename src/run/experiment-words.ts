import type { Experiment, TrialOutcome } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';

/** What is tried, in words. */
export function wordsOf(experiment: Experiment): string {
  switch (experiment.kind) {
    case 'facilities':
      return "the machine's facilities are tried";
    case 'again':
      return 'tried again, with nothing changed';
    case 'mend':
      return `tried with ${experiment.facility} put right`;
    case 'swap':
      return `tried with ${experiment.by}`;
    default:
      return experiment satisfies never;
  }
}

/** The same as part of a folder's name. */
export function nameOf(experiment: Experiment): string {
  const { kind } = experiment;
  const words = {
    facilities: '',
    again: '',
    mend: kind === 'mend' ? experiment.facility : '',
    swap: kind === 'swap' ? experiment.part : '',
  };
  const object = words[kind].replaceAll(/[^A-Za-z0-9._+@~-]/g, '-');
  return object === '' ? kind : `${kind}-${object}`;
}

/** An outcome, as far as an experiment needs it. */
export function trialOf(outcome: Outcome): TrialOutcome {
  const { status } = outcome;
  switch (outcome.status) {
    case 'failed':
      return { status, ...(outcome.class && { class: outcome.class }), message: outcome.message };
    case 'skipped':
      return { status, message: outcome.because };
    case 'passed':
      return { status };
    default:
      return { status, ...(outcome.message !== undefined && { message: outcome.message }) };
  }
}
