import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LimitReached } from '../../../src/machine/limit.ts';
import { phaseLimits, phaseSeconds, scenarioSeconds, within } from '../../../src/machine/limits.ts';

const { signal } = new AbortController();
const clone = { phase: 'clone', what: 'a clone', factor: 2, seen: () => 'login:' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the limit of a phase', () => {
  it('has a part for this host, and one that is stretched by how slow its machines are', () => {
    const { hostSeconds, machineSeconds } = phaseLimits.clone;

    expect(phaseSeconds('clone')).toBe(hostSeconds + machineSeconds);
    expect(phaseSeconds('clone', 6)).toBe(hostSeconds + 6 * machineSeconds);
  });

  it('has a second more for every 20 MB that are to be written or read', async () => {
    const hangs = (limit: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        limit.addEventListener('abort', () => reject(limit.reason));
      });
    const request = { phase: 'keep', what: 'a machine to be kept', bytes: 6e9 } as const;
    const ended = within(request, signal, hangs).catch((error: Error) => error);

    await vi.advanceTimersByTimeAsync((phaseSeconds('keep') + 300) * 1000);

    expect(await ended).toEqual(new LimitReached('a machine to be kept', phaseSeconds('keep') + 300));
  });

  it('leaves work alone that ends in time', async () => {
    expect(await within(clone, signal, async () => 'a machine')).toBe('a machine');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends work by its signal, and says what was awaited and what was seen last', async () => {
    const work = (limit: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        limit.addEventListener('abort', () => reject(limit.reason));
      });
    const ended = within(clone, signal, work).catch((error: Error) => error);

    await vi.advanceTimersByTimeAsync(phaseSeconds('clone', 2) * 1000);

    expect(await ended).toEqual(new LimitReached('a clone', 160, 'login:'));
    expect((await ended) as Error).toHaveProperty(
      'message',
      'cannot wait any longer than 160 s for a clone; seen last: login:',
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up on work that goes on all the same', async () => {
    const ended = within(clone, signal, () => new Promise<never>(() => {})).catch((error: Error) => error);

    await vi.advanceTimersByTimeAsync(phaseSeconds('clone', 2) * 1000 + 30_000);

    expect(await ended).toBeInstanceOf(LimitReached);
  });

  it('waits for work that lets go of what it holds when the run is interrupted', async () => {
    const stop = new AbortController();
    let isLetGo = false;
    const work = (limit: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        limit.addEventListener('abort', () =>
          setTimeout(() => {
            isLetGo = true;
            reject(limit.reason);
          }, 5_000),
        );
      });
    const ended = within(clone, stop.signal, work).catch((error: unknown) => error);

    stop.abort('SIGINT');
    await vi.advanceTimersByTimeAsync(5_000);

    expect(await ended).toBe('SIGINT');
    expect(isLetGo).toBe(true);
  });
});

it('gives a whole scenario the time of ten of its steps, and five minutes at least', () => {
  expect(scenarioSeconds(60, 6)).toBe(3_600);
  expect(scenarioSeconds(5, 1)).toBe(300);
});
