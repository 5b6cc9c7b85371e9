import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { OutputFlood } from '../../../src/machine/faults.ts';
import { guestOf, mostOutput } from '../../../src/machine/guest.ts';
import type { Machine } from '../../../src/machine/machine.ts';

/** A machine of which there is no more than a shell of this host, and copies that take for ever. */
const machine = {
  name: 'm',
  spawn: (command: string, { signal }: { readonly signal?: AbortSignal } = {}) => {
    const child = spawn('/bin/sh', ['-c', command], { detached: true });
    const end = () => child.pid && process.kill(-child.pid, 'SIGKILL');
    signal?.addEventListener('abort', end);
    child.once('exit', () => signal?.removeEventListener('abort', end));
    return child;
  },
  push: () => new Promise<void>(() => {}),
  reboot: () => new Promise<void>(() => {}),
} as unknown as Machine;

const quiet = () => {};

describe('a command in a machine', () => {
  it('is ended where it prints more than is kept, on both outputs together', async () => {
    const cuts: Error[] = [];
    let heard = 0;
    const { $ } = guestOf(
      machine,
      (entry) => {
        heard += entry.kind === 'stdout' || entry.kind === 'stderr' ? entry.data.length : 0;
      },
      undefined,
      (reason) => cuts.push(reason),
    );

    const said = await $`yes out & yes err >&2`.nothrow();

    expect(said.signal).toBe('SIGKILL');
    expect(cuts).toEqual([new OutputFlood(mostOutput)]);
    expect(heard).toBeLessThan(mostOutput + 2 ** 20);
  });

  it('is not cut where it ends before its limit', async () => {
    const stop = new AbortController();
    const cuts: Error[] = [];
    const { $ } = guestOf(
      machine,
      quiet,
      () => stop.signal,
      (reason) => cuts.push(reason),
    );

    await $`true`;
    stop.abort(new Error('too late'));

    expect(cuts).toEqual([]);
  });

  it('is cut at its limit, with the reason', async () => {
    const stop = new AbortController();
    const cuts: Error[] = [];
    const { $ } = guestOf(
      machine,
      quiet,
      () => stop.signal,
      (reason) => cuts.push(reason),
    );
    const slept = $`sleep 600`.nothrow().run();

    stop.abort(new Error('its time is over'));
    await slept;

    expect(cuts.map(({ message }) => message)).toEqual(['its time is over']);
  });
});

it('ends a copy and a reboot at their limit, whatever the machine does', async () => {
  const stop = new AbortController();
  const guest = guestOf(machine, quiet, () => stop.signal);
  const both = Promise.allSettled([guest.push('a', 'b'), guest.reboot()]);

  stop.abort(new Error('its time is over'));

  expect((await both).map((one) => one.status === 'rejected' && one.reason.message)).toEqual([
    'its time is over',
    'its time is over',
  ]);
});
