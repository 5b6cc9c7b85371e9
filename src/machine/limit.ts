/** The longest that a timer of Node's can wait: 2^31 - 1 ms. A longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

export interface LimitOptions {
  /** What was seen last of what is waited for; undefined: nothing. Asked at the limit. */
  readonly seen?: (() => string | undefined) | undefined;
  /** The error that says so. */
  readonly kind?: typeof LimitReached;
}

/** A limit that can be lifted: its signal then only follows the one that it was made from. */
export interface Limit extends Disposable {
  readonly signal: AbortSignal;
}

/** Aborts with the given signal, or after so many seconds with a LimitReached. Holds the process until it is lifted. */
export function limitFor(
  signal: AbortSignal,
  seconds: number,
  awaited: string,
  { seen, kind = LimitReached }: LimitOptions = {},
): Limit {
  const over = new AbortController();
  const stop = () => over.abort(new kind(awaited, seconds, seen?.()));
  const timer = setTimeout(stop, Math.min(seconds * 1000, longestMs));
  return { signal: AbortSignal.any([signal, over.signal]), [Symbol.dispose]: () => clearTimeout(timer) };
}

/** A signal that aborts with the given one, or after so many seconds with an error that says what was awaited. */
export function limitedBy(
  signal: AbortSignal,
  seconds: number,
  awaited: string,
  { seen, kind = LimitReached }: LimitOptions = {},
): AbortSignal {
  const over = new AbortController();
  const stop = () => over.abort(new kind(awaited, seconds, seen?.()));
  setTimeout(stop, Math.min(seconds * 1000, longestMs)).unref();
  return AbortSignal.any([signal, over.signal]);
}

/** Something that was waited for did not come in time. */
export class LimitReached extends Error {
  override readonly name: string = 'LimitReached';
  readonly awaited: string;
  readonly seconds: number;
  /** What was seen last, where anything was. */
  readonly seen: string | undefined;

  constructor(awaited: string, seconds: number, seen?: string) {
    const sight = seen === undefined ? '' : `; seen last: ${seen}`;
    super(`cannot wait any longer than ${Math.round(seconds)} s for ${awaited}${sight}`);
    this.awaited = awaited;
    this.seconds = seconds;
    this.seen = seen;
  }

  /** The same, by whoever knows what was seen last. */
  having(seen: string | undefined): LimitReached {
    return this.seen === undefined ? new LimitReached(this.awaited, this.seconds, seen) : this;
  }
}

/** Waits for work that does not know the signal: rejects with its reason when it aborts, whatever the work then does. */
export async function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
