import { describe, expect, it } from 'vitest';
import type { Capacity, Want } from '../../../src/run/capacity.ts';
import { Slots, type SlotsOptions } from '../../../src/run/slots.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { capacityLike, wantLike } from '../../support/wants.ts';

/** Slots in virtual time, and what was started when. */
function slotsOf(capacity: Capacity, options: SlotsOptions = {}) {
  const clock = new VirtualClock();
  const slots = new Slots(capacity, new AbortController().signal, { clock, ...options });
  const started: { readonly name: string; readonly at: number }[] = [];
  const use = (name: string, want: Want, ms = 1_000) =>
    slots.use(want, async () => {
      started.push({ name, at: clock.now() });
      await clock.sleep(ms);
    });
  const names = () => started.map(({ name }) => name);
  return { clock, slots, started, names, use };
}

describe('slots', () => {
  it('are had in the order of urgency, whoever asked first', async () => {
    const { clock, use, names } = slotsOf(capacityLike(1));
    const kinds = ['image', 'cold', 'template', 'proof', 'clone'] as const;

    await clock.until(Promise.all(kinds.map((kind) => use(kind, wantLike({ kind })))));

    expect(names()).toEqual(['clone', 'proof', 'template', 'cold', 'image']);
  });

  it('go among equals to what was put first, then to the longest chain, then to who asked first', async () => {
    const { clock, use, names } = slotsOf(capacityLike(1));
    const asked = {
      short: { expectedMs: 1_000 },
      'as short, later': { expectedMs: 1_000 },
      long: { expectedMs: 9_000 },
      'short, but holds up a long one': { expectedMs: 1_000, restMs: 20_000 },
      canary: { expectedMs: 10, first: true },
    };

    await clock.until(Promise.all(Object.entries(asked).map(([name, want]) => use(name, wantLike(want)))));

    expect(names()).toEqual(['canary', 'short, but holds up a long one', 'long', 'short', 'as short, later']);
  });

  it('reject who waits when the run ends, with its reason, and never start it', async () => {
    const run = new AbortController();
    const slots = new Slots(capacityLike(1), run.signal);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const first = slots.use(wantLike(), async () => {
      begin();
      await held;
    });
    await begun;
    let started = 0;
    const waiting = Array.from({ length: 100 }, () =>
      slots.use(wantLike(), async () => {
        started += 1;
      }),
    );

    run.abort('SIGINT');
    const ended = await Promise.allSettled(waiting);
    release();
    await first.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 5));

    expect(new Set(ended.map((end) => end.status === 'rejected' && end.reason))).toEqual(new Set(['SIGINT']));
    expect(started).toBe(0);
    expect(slots.used).toEqual({ cores: 0, memoryMiB: 0, jobs: 0 });
  });

  it('are given back when work goes wrong', async () => {
    const { clock, slots, use } = slotsOf(capacityLike(1));
    const broken = slots.use(wantLike(), async () => {
      throw new Error('a disk is full');
    });
    broken.catch(() => {});

    await clock.until(use('next', wantLike()));

    await expect(broken).rejects.toThrow('a disk is full');
    expect(slots.used.jobs).toBe(0);
  });

  it('are refused at once to what the whole host could not carry', async () => {
    const { slots } = slotsOf(capacityLike(2));

    await expect(
      slots.use(wantLike({ weight: { cores: 1, memoryMiB: 4096 } }), async () => {}),
    ).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^cannot fit what takes 4096 MiB/),
    });
  });

  it('are no more than --jobs allows, whatever fits beside', async () => {
    const { clock, use, started } = slotsOf(capacityLike(8, { jobs: 2 }));

    await clock.until(Promise.all(['a', 'b', 'c'].map((name) => use(name, wantLike()))));

    expect(started.map(({ at }) => at)).toEqual([0, 0, 1_000]);
  });

  it('are not all given away in one instant', async () => {
    const { clock, use, started } = slotsOf(capacityLike(4, { gapMs: 50 }));

    await clock.until(Promise.all(['a', 'b', 'c', 'd'].map((name) => use(name, wantLike()))));

    expect(started.map(({ at }) => at)).toEqual([0, 50, 100, 150]);
  });

  it('go to another release before one has more than its share, and all to one that is alone', async () => {
    const { clock, use, names } = slotsOf(capacityLike(2));
    const sixty = Array.from({ length: 60 }, (_, number) =>
      use(`13 ${number}`, wantLike({ expectedMs: 9_000 })),
    );
    const other = use('12 template', wantLike({ kind: 'template', lane: 'debian-12/qemu:built' }));

    await clock.until(Promise.all([...sixty, other]));

    expect(names().slice(0, 2)).toEqual(['13 0', '12 template']);
    expect(clock.now()).toBeLessThanOrEqual(31_000);
  });

  it('prepare the next release before the cells in hand are over, and never on all machines', async () => {
    const { clock, use, started } = slotsOf(capacityLike(4));
    const cells = Array.from({ length: 40 }, (_, number) =>
      use(`cell ${number}`, wantLike({ expectedMs: 1_000 })),
    );
    const lane = 'debian-12/qemu:built';
    const images = Array.from({ length: 4 }, (_, number) =>
      use(`image ${number}`, wantLike({ kind: 'image', lane, expectedMs: 6_000 }), 6_000),
    );

    await clock.until(Promise.all([...cells, ...images]));

    const [first] = started.filter(({ name }) => name.startsWith('image'));
    const beside = started.filter(({ name, at }) => name.startsWith('image') && at === first?.at);
    expect(first?.at).toBeGreaterThan(2_000);
    expect(first?.at).toBeLessThan(9_000);
    expect(beside).toHaveLength(2);
  });
});
