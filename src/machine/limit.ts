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
