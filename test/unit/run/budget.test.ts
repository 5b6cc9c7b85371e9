import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityOf } from '../../../src/run/capacity.ts';
import { Slots } from '../../../src/run/slots.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { capacityLike, wantLike } from '../../support/wants.ts';

const asked = fc.record({
  kind: fc.constantFrom('image', 'template', 'proof', 'cold', 'clone'),
  lane: fc.constantFrom('debian-12/qemu:built', 'debian-13/qemu:built', 'fedora-42/qemu:cloud'),
  weight: fc.record({
    cores: fc.constantFrom(0.1, 1 / 3, 0.5, 1, 2),
    memoryMiB: fc.integer({ min: 1, max: 4096 }),
  }),
  expectedMs: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
  first: fc.boolean(),
  ms: fc.integer({ min: 0, max: 60_000 }),
  askedAt: fc.integer({ min: 0, max: 100_000 }),
  takenMiB: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined }),
});

describe('the budget', () => {
  it('is never exceeded, all that fits it is worked at in the end, and all is given back', async () => {
    const host = fc.record({
      cores: fc.integer({ min: 2, max: 8 }),
      memoryMiB: fc.integer({ min: 4096, max: 16_384 }),
      jobs: fc.integer({ min: 1, max: 10 }),
      fixed: fc.boolean(),
      gapMs: fc.constantFrom(0, 40),
    });
    const live = fc.infiniteStream(fc.integer({ min: 0, max: 16_384 }));

    await fc.assert(
      fc.asyncProperty(host, fc.array(asked, { maxLength: 60 }), live, async (capacity, wants, available) => {
        const clock = new VirtualClock();
        const availableMiB = () => available.next().value ?? 0;
        const slots = new Slots(capacity, new AbortController().signal, { clock, availableMiB });
        let running = 0;
        let worked = 0;
        const sum = { cores: 0, memoryMiB: 0 };

        const one = async ({ askedAt, ms, takenMiB, ...want }: (typeof wants)[number]) => {
          await clock.sleep(askedAt);
          await slots.use(want, async (grant) => {
            running += 1;
            sum.cores += want.weight.cores;
            sum.memoryMiB += want.weight.memoryMiB;
            expect(running).toBeLessThanOrEqual(capacity.jobs);
            expect(sum.cores).toBeLessThanOrEqual(capacity.cores + 0.01);
            expect(sum.memoryMiB).toBeLessThanOrEqual(capacity.memoryMiB);
            await clock.sleep(ms / 2);
            grant.taken(takenMiB);
            await clock.sleep(ms / 2);
            running -= 1;
            sum.cores -= want.weight.cores;
            sum.memoryMiB -= want.weight.memoryMiB;
            worked += 1;
          });
        };
        await clock.until(Promise.all(wants.map(one)));

        expect(worked).toBe(wants.length);
        expect(slots.used).toEqual({ cores: 0, memoryMiB: 0, jobs: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('goes in time to what is heavy, while light work never ends', async () => {
    const clock = new VirtualClock();
    const slots = new Slots(capacityLike(4), new AbortController().signal, { clock });
    let light = 0;
    let isOver = false;
    const stream = async (ms: number) => {
      while (!isOver) {
        // Two at a time are asked for, so that another waits whenever one ends.
        await slots.use(wantLike({ expectedMs: ms }), async () => {
          light += 1;
          await clock.sleep(ms);
        });
      }
    };
    const streams = Array.from({ length: 8 }, (_, number) => stream(900 + 70 * number));
    await clock.until(clock.sleep(5_000));
    const before = light;

    const heavy = wantLike({ expectedMs: 100, weight: { cores: 3, memoryMiB: 3072 } });
    let passedBy = 0;
    await clock.until(
      slots.use(heavy, async () => {
        passedBy = light - before;
        isOver = true;
      }),
    );
    await clock.until(Promise.all(streams));

    expect(passedBy).toBeGreaterThan(10);
    expect(passedBy).toBeLessThan(100);
  });

  it('starts everything in the same order each time', async () => {
    const order = async () => {
      const clock = new VirtualClock();
      const slots = new Slots(capacityOf({ cores: 3, availableMiB: 9_000 }), new AbortController().signal, {
        clock,
      });
      const started: number[] = [];
      const wants = fc.sample(asked, { numRuns: 200, seed: 7 });
      await clock.until(
        Promise.all(
          wants.map((want, number) =>
            slots.use(want, async () => {
              started.push(number);
              await clock.sleep(want.ms);
            }),
          ),
        ),
      );
      return started;
    };

    expect(await order()).toEqual(await order());
  });
});
