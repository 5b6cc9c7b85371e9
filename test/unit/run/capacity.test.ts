import { describe, expect, it } from 'vitest';
import { capacityOf, excessOf, mostOf, weightOf } from '../../../src/run/capacity.ts';

const clones = (
  host: { readonly cores: number; readonly availableMiB: number },
  asked: Parameters<typeof capacityOf>[1],
) => mostOf(weightOf('clone', asked?.accelerated ?? false), capacityOf(host, asked));

describe('how many clones a host has at once', () => {
  it.each([
    ['one a core under emulation', { cores: 2, availableMiB: 20_000 }, {}, 2],
    ['two a core on hardware KVM', { cores: 2, availableMiB: 20_000 }, { accelerated: true }, 4],
    ['fewer where memory is short', { cores: 8, availableMiB: 5_000 }, {}, 3],
    ['one even where there is next to none', { cores: 8, availableMiB: 300 }, {}, 1],
    ['as --jobs says', { cores: 2, availableMiB: 20_000 }, { jobs: 4 }, 4],
    [
      'no more than --jobs on hardware KVM',
      { cores: 8, availableMiB: 20_000 },
      { jobs: 3, accelerated: true },
      3,
    ],
    ['never more by --jobs than memory allows', { cores: 2, availableMiB: 4_700 }, { jobs: 64 }, 3],
    ['fewer by --memory', { cores: 8, availableMiB: 20_000 }, { memoryMiB: 3_200 }, 2],
    ['never more by --memory than there is', { cores: 8, availableMiB: 3_200 }, { memoryMiB: 99_999 }, 2],
  ])('%s', (_, host, asked, machines) => {
    expect(clones(host, asked)).toBe(machines);
  });

  it('is enough for every kind of work, however little is available', () => {
    const capacity = capacityOf({ cores: 1, availableMiB: 100 });

    for (const kind of ['image', 'template', 'proof', 'cold', 'clone'] as const) {
      expect(excessOf(weightOf(kind, false), capacity)).toBeUndefined();
    }
  });
});

describe('what a host could never carry', () => {
  it('is told with both figures and what to change', () => {
    const tight = capacityOf({ cores: 8, availableMiB: 20_000 }, { memoryMiB: 1_000 });

    expect(excessOf({ cores: 1, memoryMiB: 1_294 }, tight)).toBe(
      'cannot fit what takes 1294 MiB into 1000 MiB: allow more by --memory, or leave it out',
    );
    expect(excessOf({ cores: 4, memoryMiB: 500 }, { ...tight, cores: 2, jobs: 9 })).toBe(
      'cannot fit what takes 4 cores into 2, 9 at a time: allow more by --jobs, or leave it out',
    );
  });
});
