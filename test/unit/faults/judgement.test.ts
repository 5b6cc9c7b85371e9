import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/domain/finding.ts';
import type { Fault } from '../../faults/fault.ts';
import {
  isGood,
  type Named,
  percentRight,
  tableOf,
  type Verdict,
  verdictOn,
} from '../../faults/judgement.ts';

const culprit = { component: 'farm', class: 'disk-full' } as const;
const finding = (change: Partial<Finding>): Finding => ({
  ...culprit,
  because: [],
  evidence: [],
  versions: {},
  ...change,
});

const fault: Fault = {
  id: 'disk-full',
  title: 'a disk that is full',
  plant: { script: 'true' },
  scenario: 'control.runc',
  expect: culprit,
  why: 'The farm made the disk.',
};

const named = (verdict: Verdict): Named => ({
  ...{ fault, verdict, named: 'farm disk-full', confidence: 'table', seconds: 41.6, folder: '/runs' },
});

describe('the verdict on a finding', () => {
  it.each<[Verdict, Fault['expect'], Finding | undefined]>([
    ['right', culprit, finding({})],
    ['kind', culprit, finding({ class: 'inotify-exhausted' })],
    ['unknown', culprit, finding({ component: 'unknown' })],
    ['unknown', culprit, undefined],
    ['WRONG', culprit, finding({ component: 'distro-host' })],
    ['right', 'unknown', finding({ component: 'unknown' })],
    ['right', 'unknown', undefined],
    ['WRONG', 'unknown', finding({})],
  ])('is %s where %j was to be blamed, and %j is', (verdict, expected, found) => {
    expect(verdictOn({ expect: expected }, found)).toBe(verdict);
  });
});

describe('the bank as a whole', () => {
  const nine = Array.from({ length: 9 }, () => named('right'));

  it.each<[boolean, Verdict]>([
    [true, 'unknown'],
    [true, 'kind'],
    [false, 'WRONG'],
    [false, 'broken'],
  ])('is good (%s) with nine of ten right, and one %s', (good, verdict) => {
    expect(isGood([...nine, named(verdict)])).toBe(good);
  });

  it('is not good below 90 %', () => {
    expect(isGood([...nine, named('unknown'), named('unknown')])).toBe(false);
    expect(percentRight([])).toBe(0);
  });
});

it('makes a table with its counts', () => {
  expect(tableOf([named('right'), named('unknown')])).toBe(
    [
      'fault      expected        named           confidence  seconds  verdict',
      'disk-full  farm disk-full  farm disk-full  table       42       right',
      'disk-full  farm disk-full  farm disk-full  table       42       unknown',
      '',
      '2 faults: 1 right, 1 unknown; 50 % named as they must be',
      '',
    ].join('\n'),
  );
});
