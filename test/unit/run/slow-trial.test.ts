import { describe, expect, it } from 'vitest';
import type { Trial } from '../../../src/domain/finding.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { asSlowTrial } from '../../../src/run/slow-trial.ts';

const failed = (kind: string, message = 'red'): Outcome => ({
  status: 'failed',
  step: 's',
  message,
  class: kind,
});
const swap = (kind: string, message = 'red'): Trial => ({
  experiment: { kind: 'swap', part: 'virtiofsd', by: 'kata' },
  outcome: { status: 'failed', class: kind, message },
  ms: 1,
});

describe("an experiment's red on an emulated machine", () => {
  it('counts for nothing where it got past the fault and then met a limit', () => {
    const late = asSlowTrial(swap('agent-timeout'), failed('vmm-exited'), true);
    const fixed = asSlowTrial(
      swap('vmm-gone', 'timed out waiting for QMP ready'),
      failed('shim-panic'),
      true,
    );

    expect([late.outcome?.status, fixed.outcome?.status]).toEqual(['errored', 'errored']);
  });

  it.each([
    ['it is the very failure of the cell', swap('agent-timeout'), failed('agent-timeout'), true],
    ['it is no limit', swap('virtiofsd-start'), failed('vmm-exited'), true],
    ['the machine is as quick as any', swap('agent-timeout'), failed('vmm-exited'), false],
    [
      'the cell met the same limit',
      swap('other', 'timed out waiting for QMP ready'),
      failed('vmm-exited', 'timed out waiting for QMP ready'),
      true,
    ],
  ] as const)('counts where %s', (_, trial, own, isEmulated) => {
    expect(asSlowTrial(trial, own, isEmulated)).toBe(trial);
  });
});
