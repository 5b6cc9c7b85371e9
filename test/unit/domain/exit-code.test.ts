import { describe, expect, it } from 'vitest';
import { exitCodeOf, unexecuted } from '../../../src/domain/exit-code.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { runLike } from './run-like.ts';

const outcomes = {
  passed: [{ status: 'passed' }],
  failed: [{ status: 'failed', message: 'no token' }],
  errored: [{ status: 'errored', phase: 'image', message: 'the mirror cannot be reached' }],
  blocked: [{ status: 'blocked', by: 'debian-13/runc/control.runc' }],
  skipped: [{ status: 'skipped', because: 'no io_uring in this kernel' }],
  missing: undefined,
} as const satisfies Record<string, readonly Outcome[] | undefined>;

const names = ['host.boot', 'host.kvm', 'host.cpu', 'host.lsm'];

describe('the exit status of a run', () => {
  it.each([
    [['passed'], 0, 0],
    [['passed', 'failed'], 1, 1],
    [['errored', 'missing', 'failed'], 1, 1],
    [['passed', 'errored'], 3, 3],
    [['passed', 'missing'], 3, 3],
    [['passed', 'blocked'], 0, 3],
    [['passed', 'skipped'], 0, 3],
    [['blocked', 'failed'], 1, 1],
  ] as const)('with cells %j is %d, and strictly %d', (statuses, status, strictly) => {
    const cells = statuses.map((name, index) => [`debian-13/host/${names[index]}`, outcomes[name]] as const);
    const run = runLike({ cells: Object.fromEntries(cells) });

    expect(exitCodeOf(run, { strict: false })).toBe(status);
    expect(exitCodeOf(run, { strict: true })).toBe(strictly);
  });

  it.each([
    [{ stack: ['host'] }, 'passed', 0],
    [{ stack: ['host'] }, 'failed', 1],
    [{ stack: ['host'] }, 'blocked', 3],
    [{ stack: ['host'] }, 'skipped', 3],
    [{ scenario: ['host.*'] }, 'passed', 0],
    [{ scenario: ['host.*'] }, 'blocked', 3],
    [{ scenario: ['host.*', 'vmm.clh.boot'] }, 'passed', 3],
    [{ scenario: ['host.*', 'vmm.clh.boot'] }, 'failed', 1],
    [{}, 'blocked', 0],
    [{ kata: [{ source: 'dir:/kata' }] }, 'passed', 3],
    [{ kata: [{ source: 'dir:/kata' }], scenario: ['host.*', 'kata.*'] }, 'passed', 3],
    // Its parts are what failures are compared with.
    [{ kata: [{ source: 'dir:/kata' }], scenario: ['host.*'] }, 'passed', 0],
  ] as const)('where %j was asked for by name and its cell %s is %d', (asked, name, status) => {
    const run = runLike({ cells: { 'debian-13/host/host.boot': outcomes[name] } });

    expect(exitCodeOf(run, asked)).toBe(status);
  });

  it('comes with what was asked for and not executed, as it was said', () => {
    const run = runLike({
      cells: { 'debian-13/host/host.boot': outcomes.passed, 'debian-13/runc/control.runc': outcomes.blocked },
    });
    const asked = { stack: ['host', 'runc'], scenario: ['*.boot', 'control.*'] } as const;

    expect(unexecuted(run, asked)).toEqual(['--stack runc', '--scenario control.*']);
  });

  it('is strict about cells that were skipped in the plan already', () => {
    const run = runLike({
      cells: { 'debian-13/host/host.boot': outcomes.passed },
      skipped: { 'debian-13/clh/vmm.clh.boot': 'not packaged by this distro: cloud-hypervisor' },
    });

    expect([exitCodeOf(run, { strict: false }), exitCodeOf(run, { strict: true })]).toEqual([0, 3]);
  });
});
