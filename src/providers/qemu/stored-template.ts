import type { BootRequest, Proof, Template } from '../../machine/machine.ts';
import type { FrozenState } from './freeze.ts';

/** Where a template is kept between runs. */
export interface Stored {
  /** What its first clone proved in an earlier run. */
  readonly proof: Proof | undefined;
  readonly keepProof: (proof: Proof) => Promise<void>;
  /** A clone of it did not wake up: whoever takes it next makes it anew. */
  readonly doubt: () => Promise<void>;
  /** It may be removed from now on. */
  readonly letGo: () => Promise<void>;
  readonly children: StoredChildren;
}

/** The children of a template that are kept, by what was changed. `proof` is what the parent is known to have proved. */
interface StoredChildren {
  /** Undefined: it is on the caller to derive it; another farm that wants it waits until this one did, or ends. */
  readonly find: (
    change: string,
    request: BootRequest,
    proof: Proof | undefined,
  ) => Promise<Template | undefined>;
  /** Waits for another farm that is at it, unless this one was told that it is missing. */
  readonly begin: (change: string, request: BootRequest) => Promise<void>;
  readonly put: (
    change: string,
    request: BootRequest,
    child: FrozenState,
    proof: Proof | undefined,
  ) => Promise<Template>;
  /** It is there, or can't be made. Whoever waits goes on. */
  readonly end: (change: string) => Promise<void>;
}
