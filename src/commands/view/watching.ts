import type { Expected } from '../../report/time-left.ts';
import type { Watcher } from '../../run/watcher.ts';

/** A watcher that has something to let go of at the end. */
export interface Watching extends Watcher, AsyncDisposable {}

/** What watching a run depends on besides what is told of it. */
export interface WatchRequest {
  readonly expected?: Expected | undefined;
  /** What commands print is shown as well. */
  readonly verbose: boolean;
  /** Aborts when the run is to end; its reason is a signal's name. */
  readonly signal: AbortSignal;
  /** Milliseconds that never run backwards. */
  readonly clock?: () => number;
}
