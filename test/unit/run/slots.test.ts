import { describe, expect, it } from 'vitest';
import { machinesFor, Slots } from '../../../src/run/slots.ts';

describe('how many machines a host has at once', () => {
  it.each([
    ['one a core', { cores: 2, availableMiB: 20_000 }, undefined, undefined, 2],
    ['fewer where memory is short', { cores: 8, availableMiB: 5_000 }, undefined, undefined, 3],
    ['one even where there is next to none', { cores: 8, availableMiB: 300 }, undefined, undefined, 1],
    ['as --jobs says', { cores: 2, availableMiB: 20_000 }, 4, undefined, 4],
    ['never more by --jobs than memory allows', { cores: 2, availableMiB: 4_700 }, 64, undefined, 3],
    ['fewer by --memory', { cores: 8, availableMiB: 20_000 }, undefined, 3_200, 2],
    ['never more by --memory than there is', { cores: 8, availableMiB: 3_200 }, undefined, 99_999, 2],
  ])('%s', (_, host, jobs, memoryMiB, machines) => {
    expect(machinesFor(host, jobs, memoryMiB)).toBe(machines);
  });
});

describe('slots', () => {
  it('are had in the order of urgency, and no more at once than there are', async () => {
    const slots = new Slots(1, new AbortController().signal);
    const done: string[] = [];
    const work = (name: string) => async () => {
      done.push(name);
    };

    await Promise.all([
      slots.use('image', work('first come')),
      slots.use('image', work('image')),
      slots.use('cold', work('cold')),
      slots.use('template', work('template')),
      slots.use('proof', work('proof')),
      slots.use('clone', work('clone')),
    ]);

    expect(done).toEqual(['first come', 'clone', 'proof', 'template', 'cold', 'image']);
  });

  it('reject who waits when the run ends, with its reason, and never start it', async () => {
    const run = new AbortController();
    const slots = new Slots(1, run.signal);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const first = slots.use('clone', () => held);
    let started = false;
    const second = slots.use('clone', async () => {
      started = true;
    });

    run.abort('SIGINT');
    await expect(second).rejects.toBe('SIGINT');
    release();
    await first.catch(() => {});

    expect(started).toBe(false);
  });
});
