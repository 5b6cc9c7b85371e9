import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom, shapes } from '../../support/shapes.ts';
import { simulate } from '../../support/simulate.ts';

describe('a night', () => {
  it.each(shapes)('takes at most 1.05 of the least that it could: $name', async ({ batches, capacity }) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1_000, max: 1_500 }), async (seed, cells) => {
        const night = await simulate(batches(cells, randomFrom(seed)), capacity);

        expect(night.makespanMs / night.boundMs).toBeLessThanOrEqual(1.05);
        expect(night.makespanMs).toBeGreaterThanOrEqual(night.boundMs);
        expect(night.peak.cores).toBeLessThanOrEqual(capacity.cores);
        expect(night.peak.memoryMiB).toBeLessThanOrEqual(capacity.memoryMiB);
      }),
      { numRuns: 4 },
    );
  });

  it.each(shapes)('goes the same way each time: $name', async ({ batches, capacity }) => {
    const night = () => simulate(batches(200, randomFrom(3)), capacity);

    expect(await night()).toEqual(await night());
  });
});
