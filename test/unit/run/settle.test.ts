import { expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { settle } from '../../../src/run/settle.ts';

const passed: Outcome = { status: 'passed' };
const failed = (message: string): Outcome => ({ status: 'failed', message });
const control = 'debian-13/runc/control.runc';
const blocked = (message?: string): Outcome => ({
  status: 'blocked',
  by: control,
  ...(message !== undefined && { message }),
});
const errored: Outcome = { status: 'errored', phase: 'clone', message: 'the mirror is away' };

async function settled(outcomes: readonly Outcome[], retries = 1) {
  const left = [...outcomes];
  const pauses: number[] = [];
  const outcome = await settle(
    async () => left.shift() ?? passed,
    retries,
    async (number) => void pauses.push(number),
  );
  return { outcome, unused: left.length, pauses };
}

it.each([
  { name: 'green at once is a pass', outcomes: [passed], outcome: passed },
  { name: 'red twice is a failure', outcomes: [failed('a'), failed('b')], outcome: failed('b') },
  {
    name: 'red then green is a flaky pass',
    outcomes: [failed('a'), passed],
    outcome: { ...passed, flaky: true },
  },
  { name: "the farm's trouble is tried again", outcomes: [errored, passed], outcome: passed },
  { name: "the farm's trouble twice is said", outcomes: [errored, errored], outcome: errored },
  {
    name: 'trouble does not count as a confirmation',
    outcomes: [failed('a'), errored, passed],
    outcome: { ...passed, flaky: true },
  },
  {
    name: "a control that fails on the cell's own machine is confirmed once",
    outcomes: [blocked('a'), blocked('b')],
    outcome: blocked('b'),
  },
  {
    name: 'a control that fails once only leaves a flaky pass',
    outcomes: [blocked('a'), passed],
    outcome: { ...passed, flaky: true },
  },
  {
    name: 'a red that no sound machine confirms is no verdict',
    outcomes: [failed('a'), blocked('b'), blocked('c')],
    outcome: blocked('c'),
  },
  {
    name: 'a red that was seen once beside a control that failed is confirmed',
    outcomes: [blocked('a'), failed('b'), failed('c')],
    outcome: failed('c'),
  },
  {
    name: 'a cell that rests on another one that failed is not tried again',
    outcomes: [blocked()],
    outcome: blocked(),
  },
  {
    name: 'a skip is final',
    outcomes: [{ status: 'skipped', because: 'no' } as const],
    outcome: { status: 'skipped', because: 'no' },
  },
])('$name', async ({ outcomes, outcome }) => {
  expect(await settled(outcomes)).toMatchObject({ outcome, unused: 0 });
});

it('pauses before it tries again, and not before a confirmation', async () => {
  expect((await settled([failed('a'), errored, errored, passed], 2)).pauses).toEqual([1, 2]);
});
