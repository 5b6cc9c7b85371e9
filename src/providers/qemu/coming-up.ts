import { BootFailed } from '../../machine/faults.ts';
import { LimitReached } from '../../machine/limit.ts';
import type { Machine } from '../../machine/machine.ts';

/** How often a console is looked at meanwhile. */
const lookMs = 3_000;

/**
 * Waits for a machine that boots, by `wait`; a console that shows a panic or the like ends the wait, as nothing will
 * answer any more. What it showed before does not count. Throws a BootFailed with what it shows.
 */
export async function comingUp<T>(
  machine: Pick<Machine, 'name' | 'judge'>,
  signal: AbortSignal,
  wait: (signal: AbortSignal) => Promise<T>,
  pauseMs = lookMs,
): Promise<T> {
  const before = new Set((await machine.judge()).fatal);
  const seenNow = async () => {
    const { fatal, ...rest } = await machine.judge();
    return { ...rest, fatal: fatal.filter((sentence) => !before.has(sentence)) };
  };
  const over = new AbortController();
  const look = async () => {
    const [first] = (await seenNow()).fatal;
    if (first !== undefined) {
      over.abort(new Error(`cannot boot ${machine.name}: ${first}`));
    }
  };
  // A console that can't be read this time may be the next.
  const watch = setInterval(() => void look().catch(() => {}), pauseMs);

  try {
    return await wait(AbortSignal.any([signal, over.signal]));
  } catch (error) {
    const { fatal, farm, last } = await seenNow();
    signal.throwIfAborted();
    const late = error instanceof LimitReached ? error.having(last) : (error as Error);
    // What the farm did to it explains what its console shows.
    throw new BootFailed([late.message, ...farm].join('; '), farm.length > 0 ? [] : fatal, error);
  } finally {
    clearInterval(watch);
  }
}
