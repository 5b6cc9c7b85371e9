import type { Finding } from './finding.ts';
import type { Outcome } from './outcome.ts';
import { oneLine } from './text.ts';

/** What a published matrix keeps of a finding; the reasoning and its lines stay in the journal. */
export type BriefFinding = Pick<Finding, 'component' | 'class' | 'confidence' | 'provenance'>;

/** An outcome as it is published: its texts on one line, no details. */
export function brief(outcome: Outcome): Outcome {
  switch (outcome.status) {
    case 'passed':
      return {
        ...outcome,
        ...(outcome.degraded && { degraded: outcome.degraded.map((line) => oneLine(line)) }),
      };
    case 'failed': {
      const { status, step, class: kind, message } = outcome;
      return {
        status,
        ...(step && { step: oneLine(step) }),
        ...(kind && { class: oneLine(kind) }),
        message: oneLine(message),
      };
    }
    case 'errored': {
      const { status, phase, message } = outcome;
      return { status, phase, message: oneLine(message) };
    }
    case 'skipped':
      return { ...outcome, because: oneLine(outcome.because) };
    case 'blocked': {
      const { message, ...blocked } = outcome;
      return { ...blocked, ...(message !== undefined && { message: oneLine(message) }) };
    }
    default:
      return outcome satisfies never;
  }
}

/** A finding as it is published. */
export function briefFinding({ component, class: kind, confidence, provenance }: Finding): BriefFinding {
  return {
    component,
    ...(kind && { class: oneLine(kind) }),
    ...(confidence && { confidence }),
    ...(provenance && { provenance: oneLine(provenance) }),
  };
}
