import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/domain/run.ts';
import { kataWords } from '../../../src/report/kata-words.ts';

const run = (...variants: readonly string[]) =>
  ({
    plan: {
      skipped: [],
      batches: variants.map((variant, place) => ({ distro: `debian-${12 + place}`, variant })),
    },
  }) as unknown as Run;

describe('what is said of a run first', () => {
  it('is which releases ran in containers, where any did', () => {
    expect(kataWords(run('qemu:built', 'docker'))).toEqual([
      'In containers (variant docker, fidelity userspace), on which no word of support rests: debian-13',
    ]);
    expect(kataWords(run('qemu:built'))).toEqual([]);
  });
});
