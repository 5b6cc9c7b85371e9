import { setTimeout as sleep } from 'node:timers/promises';
import type { Farm } from './farm.ts';

/**
 * Does what the farm needs to be done, and once more after a pause where it went wrong, as often as is allowed, the
 * pause twice as long each time. `wrong` is told of each but the last trouble. Rejects with the last one.
 */
export async function again<T>(
  { retries, pauseMs, signal }: Pick<Farm, 'retries' | 'pauseMs' | 'signal'>,
  deed: () => Promise<T>,
  wrong: (error: unknown) => void,
): Promise<T> {
  for (let errors = 1; ; errors++) {
    try {
      return await deed();
    } catch (error) {
      signal.throwIfAborted();
      if (errors > retries) {
        throw error;
      }
      wrong(error);
      await sleep(pauseMs * 2 ** (errors - 1), undefined, { signal });
    }
  }
}
