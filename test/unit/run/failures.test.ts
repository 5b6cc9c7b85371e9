import { expect, it } from 'vitest';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Finding, Trial } from '../../../src/domain/finding.ts';
import type { Failed } from '../../../src/domain/outcome.ts';
import type { Result } from '../../../src/domain/result.ts';
import { becauseOf, causesOf } from '../../../src/run/failures.ts';
import { Ledger } from '../../../src/run/ledger.ts';

const [start, mount, boot]: readonly CellId[] = [
  'debian-13/qemu/vmm.virtiofsd.start',
  'debian-13/qemu/vmm.virtiofs.mount',
  'debian-13/qemu/vmm.qemu.boot',
];
const trial: Trial = { experiment: { kind: 'again' }, ms: 1 };
const finding: Finding = { component: 'distro-virtiofsd', because: ['why'], evidence: [], versions: {} };
const red = (message = 'no answer within 3 s'): Failed => ({ status: 'failed', message });
const like = (change: Partial<Result>): Result => ({
  ...{ attempts: [], ms: 0, timings: {}, facts: {}, files: [], outcome: red() },
  ...change,
});

const causesAfter = (...past: readonly (readonly [CellId | undefined, Result])[]) => {
  const known = new Map(past as readonly (readonly [CellId, Result])[]);
  return causesOf({ past: known }, new Ledger(known, 'debian-13')).map(({ first, others, found }) => [
    first.cell,
    others.map(({ cell }) => cell),
    found?.component,
  ]);
};

it('looks further into the one of those that failed alike for which experiments were made before', () => {
  const told = causesAfter(
    [start, like({})],
    [mount, like({ outcome: red('no answer within 7 s'), trials: [trial] })],
    [boot, like({ outcome: red('no such device') })],
  );

  expect(told).toEqual([
    [mount, [start], undefined],
    [boot, [], undefined],
  ]);
});

it('takes what was found of one before for what failed as it did, but not at second hand', () => {
  const second: Finding = {
    ...finding,
    because: becauseOf({ cell: start as CellId, outcome: red() }, finding),
  };

  const told = causesAfter([mount, like({ finding: second })], [start, like({ finding })], [boot, like({})]);

  expect(told).toEqual([[start, [boot], 'distro-virtiofsd']]);
});

it('leaves out what has a finding, and what the failure of before is not any more', () => {
  const known = new Map([[start as CellId, like({ finding })]]);
  const ledger = new Ledger(known, 'debian-13');

  expect(causesOf({ past: known }, ledger)).toEqual([]);

  ledger.note({ type: 'cell-ended', cell: start as CellId, outcome: red(), ms: 1 });
  expect(causesOf({ past: known }, ledger)).toMatchObject([{ first: { cell: start }, others: [] }]);
});
