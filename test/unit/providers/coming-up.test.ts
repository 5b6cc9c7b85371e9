import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BootFailed } from '../../../src/machine/faults.ts';
import type { Judgement } from '../../../src/machine/judgement.ts';
import { comingUp } from '../../../src/providers/qemu/coming-up.ts';

const { signal } = new AbortController();
const panic = 'the kernel panicked: Kernel panic - not syncing: no init';

/** A machine whose console says one thing after another. */
function machineThatShows(...judgements: readonly Partial<Judgement>[]) {
  let looks = 0;
  return {
    name: 'debian-13',
    judge: async () => ({ fatal: [], farm: [], ...judgements[Math.min(looks++, judgements.length - 1)] }),
  };
}

const forever = (until: AbortSignal) => sleep(60_000, undefined, { signal: until });

describe('a machine that boots', () => {
  it('is up when what was waited for is there', async () => {
    await expect(comingUp(machineThatShows({}), signal, async () => 'up', 1)).resolves.toBe('up');
  });

  it('is given up on as soon as its console shows a panic', async () => {
    const machine = machineThatShows({}, { fatal: [panic] });

    const ended = comingUp(machine, signal, forever, 1);

    await expect(ended).rejects.toMatchObject({ name: 'BootFailed', seen: [panic] });
  });

  it('is not judged by what its console showed before', async () => {
    const machine = machineThatShows({ fatal: [panic] });
    const late = async () => {
      await sleep(20);
      throw new Error('late');
    };

    const error = await comingUp(machine, signal, late, 1).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(BootFailed);
    expect(error).toMatchObject({ message: 'late', seen: [] });
  });

  it("is not blamed for what the farm's own trouble explains", async () => {
    const farm = ['the machine ran out of memory: Out of memory: Killed process 1'];
    const machine = machineThatShows({}, { fatal: [panic], farm });

    const ended = comingUp(machine, signal, forever, 1);

    await expect(ended).rejects.toMatchObject({ seen: [], message: expect.stringContaining(farm[0] ?? '') });
  });

  it('ends by an interruption as that, whatever its console shows', async () => {
    const interrupt = new AbortController();
    const ended = comingUp(machineThatShows({}), interrupt.signal, forever, 1);

    interrupt.abort(new Error('SIGINT'));

    await expect(ended).rejects.toThrow('SIGINT');
  });
});
