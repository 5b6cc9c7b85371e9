import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Entry } from '../../../src/domain/entry.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import { isSettled, remaining } from '../../../src/domain/remaining.ts';
import { outcomeOf, replay } from '../../../src/domain/run.ts';
import { entriesLike, failedTwice, passed } from './run-like.ts';

const boot: CellId = 'debian-13/qemu/vmm.qemu.boot';
const kvm: CellId = 'debian-13/host/host.kvm';
const runc: CellId = 'debian-13/runc/control.runc';
const at = '2026-11-21T23:00:00.000Z';

it('refuses a journal without a beginning, and one of two runs', () => {
  const [head, ...rest] = entriesLike({ cells: { [boot]: passed } });

  expect(() => replay([])).toThrow('begins with run-started');
  expect(() => replay(rest)).toThrow('begins with run-started');
  expect(() => replay([head as Entry, head as Entry])).toThrow('holds one run');
});

it('keeps every attempt beside the verdict that stands', () => {
  const run = replay(entriesLike({ cells: { [boot]: failedTwice } }));

  expect(run.results.get(boot)).toMatchObject({
    attempts: [
      { number: 1, ms: 1000, outcome: { status: 'failed' } },
      { number: 2, ms: 1000, outcome: { status: 'failed' } },
    ],
    outcome: { status: 'failed', message: 'no token' },
    ms: 2000,
  });
});

it('tells facts of a cell from facts of its batch', () => {
  const run = replay([
    ...entriesLike({ cells: { [boot]: passed } }),
    { at, type: 'fact', subject: boot, key: 'qemu.version', value: '10.0.6' },
  ]);

  expect(run.results.get(boot)?.facts).toEqual({ 'qemu.version': '10.0.6' });
  expect(run.batchFacts.get('debian-13/qemu:built')).toEqual({ speed: 'tcg+svm' });
});

it('has no end until the run ended, and none again once it was resumed', () => {
  const entries = entriesLike({ cells: { [boot]: passed } });
  const interrupted: Entry = { at, type: 'run-ended', interrupted: 'SIGINT' };
  const resumed: Entry = { at, type: 'run-resumed', host: {} };

  expect(replay(entries.slice(0, -1)).endedAt).toBeUndefined();
  expect(replay([...entries.slice(0, -1), interrupted])).toMatchObject({
    endedAt: at,
    interrupted: 'SIGINT',
  });

  const again = replay([...entries.slice(0, -1), interrupted, resumed]);
  expect([again.endedAt, again.interrupted]).toEqual([undefined, undefined]);
});

it('leaves to a resumed run what is unsettled: never run, cut off, errored, blocked', () => {
  const errored = [{ status: 'errored', phase: 'clone', message: 'no answer' }] as const;
  const blocked = [{ status: 'blocked', by: kvm }] as const;
  const run = replay([
    ...entriesLike({ cells: { [boot]: errored, [kvm]: failedTwice, [runc]: blocked } }),
    { at, type: 'run-resumed', host: {} },
  ]);

  expect([boot, kvm, runc].map((cell) => isSettled(run, cell))).toEqual([false, true, false]);
  expect(remaining(run).flatMap(({ cells }) => cells.map(({ id }) => id))).toEqual([boot, runc]);
});

it('leaves out a batch in which nothing is left, so that no machine is booted for it', () => {
  const run = replay(entriesLike({ cells: { [boot]: passed, 'debian-12/host/host.kvm': undefined } }));

  expect(remaining(run).map(({ id }) => id)).toEqual(['debian-12/qemu:built']);
});

describe('a batch in which every cell is settled', () => {
  const unknown: Finding = { component: 'unknown', because: [], evidence: [], versions: {} };
  const leftOf = (entries: readonly Entry[]) =>
    remaining(replay(entries)).map(({ cells, undiagnosed }) => [cells, undiagnosed?.map(({ id }) => id)]);

  it('is left where a failure has no finding: for that alone, however the run ended', () => {
    const entries = entriesLike({ cells: { [boot]: failedTwice, [kvm]: passed } });

    expect(leftOf(entries)).toEqual([[[], [boot]]]);
    expect(leftOf(entries.slice(0, -1))).toEqual([[[], [boot]]]);
  });

  it('is not left where each failure has one, be it that nobody is named', () => {
    const entries = entriesLike({ cells: { [boot]: failedTwice }, findings: { [boot]: unknown } });

    expect(leftOf(entries)).toEqual([]);
    expect(leftOf(entries.slice(0, -1))).toEqual([]);
  });

  it('is left with the cells to be run, where a finding made one of them no verdict', () => {
    const farms = { ...unknown, component: 'farm' } as const;
    const cells = { [boot]: failedTwice, [kvm]: failedTwice };

    const left = remaining(replay(entriesLike({ cells, findings: { [boot]: farms } })));

    expect(left.map(({ cells: ids }) => ids.map(({ id }) => id))).toEqual([[boot]]);
    expect(left[0]?.undiagnosed?.map(({ id }) => id)).toEqual([kvm]);
  });
});

it('lets the attempt of a resumed run replace the one that died with the farm', () => {
  const died: Entry = { at, type: 'cell-started', cell: boot, attempt: 1 };
  const run = replay([
    ...entriesLike({ cells: { [boot]: undefined } }).slice(0, -1),
    died,
    { at, type: 'run-resumed', host: {} },
    { ...died, attempt: 2 },
    { at, type: 'attempt-ended', cell: boot, attempt: 2, outcome: { status: 'passed' }, ms: 5 },
    { at, type: 'cell-ended', cell: boot, outcome: { status: 'passed' }, ms: 5 },
  ]);

  expect(outcomeOf(run, boot)).toEqual({ status: 'passed' });
  expect(run.results.get(boot)?.attempts.map(({ outcome }) => outcome?.status)).toEqual([
    undefined,
    'passed',
  ]);
});
