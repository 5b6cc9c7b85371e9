import { describe, expect, it } from 'vitest';
import { LimitReached, limitedBy } from '../../../src/machine/limit.ts';

const never = () => new AbortController().signal;
const aborted = (signal: AbortSignal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }));

describe('a limit', () => {
  it('says at its end what was waited for, and how long', async () => {
    const reason = await aborted(limitedBy(never(), 0.01, 'debian-13 to boot'));

    expect(reason).toBeInstanceOf(LimitReached);
    expect(new LimitReached('debian-13 to boot', 89.6).message).toBe(
      'cannot wait any longer than 90 s for debian-13 to boot',
    );
  });

  it("gives way to the run's own end, with its reason", async () => {
    const run = new AbortController();
    const limit = limitedBy(run.signal, 1_000, 'a clone');
    const reason = aborted(limit);

    run.abort('SIGINT');

    expect(await reason).toBe('SIGINT');
  });

  it('is over at once where the run is', () => {
    expect(limitedBy(AbortSignal.abort('SIGTERM'), 1_000, 'a clone').reason).toBe('SIGTERM');
  });
});
