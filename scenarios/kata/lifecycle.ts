import assert from 'node:assert/strict';
import type { Scenario } from '../../src/scenario.ts';
import { classed } from '../parts/classed.ts';
import { between, kataStack } from '../parts/kata.ts';
import { distroStacks } from '../parts/kata-stacks.ts';
import { pairsIn } from '../parts/pairs.ts';
import { told } from '../parts/told.ts';

/** By what a container that lives as it should is known. */
const expected = {
  started: 'RUNNING',
  'exec.status': '5',
  read: 'what was written',
  'after.term': 'RUNNING',
  'kill.status': '137',
  'end.status': '7',
};

/** And where it can be paused. */
const expectedOfPause = { paused: 'PAUSED', resumed: 'RUNNING', answers: 'yes' };

export default {
  title:
    'A container of Kata is started, entered, paused, signalled and removed, and its exit status comes through',
  on: distroStacks,
  needs: { parts: ['containerd', 'runc'], devices: ['/dev/kvm'] },
  restsOn: ['control.runc', 'kata.uname'],
  stepSeconds: 90,

  async run(t) {
    const { at } = await kataStack(t, ['sandbox', 'lifecycle']);
    const live = (how: 'runc' | 'kata') =>
      told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; . ./lifecycle.sh
        life ${how} ${`life-${how}`}`);

    const said = await between(t, at, async () => {
      await t.control('control: the same life without a VM', async () => {
        assert.deepEqual(pairsIn(await live('runc')), { ...expected, ...expectedOfPause });
      });
      await t.step(
        'remember what is there before',
        () => t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; remember_traces`,
      );
      const lived = await t.step('live by Kata', () => live('kata'), 180);
      await t.step('look for leftovers', () =>
        told(t.guest.$`cd ${at}; . ./machine.sh; . ./kata.sh; . ./sandbox.sh; expect_nothing_left`),
      );
      return lived;
    });

    const { 'pause.refused': refused, ...lived } = pairsIn(said);
    if (refused !== undefined) {
      await t.fact('pause.refused', refused);
    }
    const meant = { ...expected, ...(refused === undefined && expectedOfPause) };
    const wrong = Object.entries(meant).filter(([key, value]) => lived[key] !== value);
    if (wrong.length > 0) {
      const lines = wrong.map(([key, value]) => `${key} is ${lived[key] ?? 'missing'}, and not ${value}`);
      throw classed(
        'lifecycle',
        `a container of Kata does not live as one without a VM: ${lines.join('; ')}`,
      );
    }
  },
} satisfies Scenario;
