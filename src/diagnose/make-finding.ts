import type { Component, Confidence, Finding } from '../domain/finding.ts';
import type { Case, Next } from './case.ts';
import type { Known } from './known.ts';
import { versionsOf, whoseIs } from './provenance.ts';

/** What a finding says, less what follows from the case. */
export interface Verdict {
  readonly component: Component;
  readonly confidence?: Confidence;
  readonly because: readonly string[];
  /** In place of the class that is known. */
  readonly class?: string | undefined;
  /** In place of what the component comes to. */
  readonly provenance?: string;
}

/** A finding about a case. Whoever is not named has no confidence. */
export function found(one: Case, known: Known, verdict: Verdict): Next {
  const { component, confidence, because } = verdict;
  const kind = verdict.class ?? known.row?.id;
  const whose = whoseIs(component, one);
  const provenance = verdict.provenance ?? whose.provenance;
  const finding: Finding = {
    component,
    ...(provenance !== undefined && { provenance }),
    ...(whose.mender !== undefined && { mender: whose.mender }),
    ...(kind !== undefined && { class: kind }),
    ...(component !== 'unknown' && confidence !== undefined && { confidence: asSureAs(confidence, one) }),
    because: [...known.because, ...because],
    evidence: known.evidence,
    versions: versionsOf(one),
  };
  return { finding };
}

/** A failure that left no word is never surer than the table. */
function asSureAs(confidence: Confidence, { silent }: Case): Confidence {
  return silent && confidence === 'swap' ? 'table' : confidence;
}
