import type { KnownIssue } from '../../../src/domain/known-issue.ts';

/** A known issue of a QEMU whose guest says nothing, with what is said otherwise. */
export function knownIssueLike(change: Partial<KnownIssue> = {}): KnownIssue {
  return {
    id: 'kata-1',
    title: 'the guest says nothing',
    class: 'no-token',
    evidence: '^no token$',
    packages: {},
    scope: { releases: ['debian-*'], stacks: ['qemu'], scenarios: ['vmm.qemu.*'] },
    tracker: 'https://tracker.example/1',
    confirmed: '2026-11-01',
    expires: '2027-05-01',
    ...change,
  };
}

/** How a cell fails that such an issue is about. */
export const noToken = [
  { status: 'failed', class: 'no-token', step: 'boot', message: 'no token' },
  { status: 'failed', class: 'no-token', step: 'boot', message: 'no token' },
] as const;
