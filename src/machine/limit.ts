/** A signal that aborts with the given one, or after so many seconds with an error that says what was awaited. */
export function limitedBy(signal: AbortSignal, seconds: number, awaited: string): AbortSignal {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new LimitReached(awaited, seconds)), seconds * 1000);
  timer.unref();
  return AbortSignal.any([signal, limit.signal]);
}

/** Something that was waited for did not come in time. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';

  constructor(awaited: string, seconds: number) {
    super(`cannot wait any longer than ${Math.round(seconds)} s for ${awaited}`);
  }
}

/** Waits for work that does not know the signal: rejects with its reason when it aborts, whatever the work then does. */
export async function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
