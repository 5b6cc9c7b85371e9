import { describe, expect, it } from 'vitest';
import { packageChanges } from '../../../src/domain/changes.ts';
import { type Suspect, stepAfter, suspectsAmong, type Trial } from '../../../src/domain/halving.ts';
import type { Shade } from '../../../src/domain/truth-table.ts';

const suspectsOf = (count: number): readonly Suspect[] =>
  Array.from({ length: count }, (_, index) => ({
    packages: [{ name: `package-${index}`, version: `${index}-1` }],
    change: `${index}-1 → ${index}-2`,
  }));

/** Halves until it ends; `shadeOf` is what the cell would be with these put back. */
function bisected(suspects: readonly Suspect[], shadeOf: (tried: readonly Suspect[]) => Shade) {
  const trials: Trial[] = [];
  for (;;) {
    const step = stepAfter(suspects, trials);
    if (!step.putBack) {
      return { ...step, steps: trials.length };
    }
    trials.push({ suspects: step.putBack, shade: shadeOf(step.putBack) });
  }
}

describe('halving what changed', () => {
  it.each([1, 2, 3, 5, 8, 33])('finds whichever of %d it is, in as few runs as it says', (count) => {
    const suspects = suspectsOf(count);

    for (const culprit of suspects) {
      const { ended, left, steps } = bisected(suspects, (tried) =>
        tried.includes(culprit) ? 'green' : 'red',
      );
      expect(left).toEqual([culprit]);
      expect(ended).toMatch(/green with this one put back/);
      expect(steps).toBeLessThanOrEqual(Math.ceil(Math.log2(count)) + 2);
    }
  });

  it('ends at once where it is in none of them', () => {
    expect(bisected(suspectsOf(8), () => 'red')).toMatchObject({
      steps: 1,
      left: [],
      ended: expect.stringMatching(/none of these/),
    });
  });

  it('names no single one where it takes two of them', () => {
    const suspects = suspectsOf(4);
    const pair = [suspects[0], suspects[3]];
    const end = bisected(suspects, (tried) =>
      pair.every((one) => one && tried.includes(one)) ? 'green' : 'red',
    );

    expect(end.ended).toMatch(/several of them together/);
    expect(end.left).toEqual(suspects);
  });

  it('stops with what is left where a half comes to no verdict: its packages cannot be had, say', () => {
    const suspects = suspectsOf(4);
    const end = bisected(suspects, (tried) => (tried.length === 4 ? 'green' : 'open'));

    expect(end).toMatchObject({ steps: 2, left: suspects, ended: expect.stringMatching(/no further/) });
  });

  it('has nothing to do where nothing changed', () => {
    expect(bisected([], () => 'green')).toMatchObject({ steps: 0, left: [] });
  });
});

describe('what can be put back', () => {
  it('is what was there before, one source together, and no kernel', () => {
    const was = {
      'qemu-system-x86': '1:7.2-7',
      'qemu-system-common': '1:7.2-7',
      virtiofsd: '1.13',
      gone: '2',
      'linux-image-amd64': '6.1',
    };
    const is = {
      'qemu-system-x86': '1:7.2-8',
      'qemu-system-common': '1:7.2-8',
      virtiofsd: '1.13',
      added: '3',
      'linux-image-amd64': '6.2',
    };

    const suspects = suspectsAmong(packageChanges(was, is));

    expect(suspects.map(({ packages, change }) => [packages.map(({ name }) => name), change])).toEqual([
      [['gone'], '2 → gone'],
      [['qemu-system-common', 'qemu-system-x86'], '1:7.2-7 → 1:7.2-8'],
    ]);
  });
});
