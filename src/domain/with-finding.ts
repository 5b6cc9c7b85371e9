import { type Finding, isOurs } from './finding.ts';
import type { Outcome } from './outcome.ts';
import type { Result } from './result.ts';

/** A failure that is the farm's own, or its host's, is no verdict. */
export function withFinding(result: Result, finding: Finding): Result {
  const { outcome } = result;
  if (outcome?.status !== 'failed' || !isOurs(finding)) {
    return { ...result, finding };
  }
  const { message, detail } = outcome;
  const said = [finding.class, finding.because.at(-1)].filter(Boolean).join(': ');
  const errored: Outcome = {
    status: 'errored',
    phase: 'diagnose',
    message: `no verdict, but the farm's own trouble (${said}): ${message}`,
    ...(detail !== undefined && { detail }),
  };
  return { ...result, finding, outcome: errored };
}
