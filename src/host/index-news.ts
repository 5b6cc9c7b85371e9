import { UserError } from '../errors.ts';
import type { Tell } from '../machine/machine.ts';
import { askIndex, type IndexSource } from './package-index.ts';

/** An image, and what of the archives it was made from. */
export interface MadeFrom {
  /** The release, as people are told of it. */
  readonly distro: string;
  readonly index: readonly IndexSource[];
  /** ISO time; empty where nobody knows. */
  readonly madeAt: string;
}

/**
 * Whether the archives' package lists are still those that an image was made from. Says what has changed. Throws a UserError
 * (exit 3) where they can't be asked. `scratch`: a folder for what is fetched.
 */
export async function isUpToDate(
  { distro, index, madeAt }: MadeFrom,
  scratch: string,
  tell: Tell,
  signal: AbortSignal,
  ask: typeof askIndex = askIndex,
): Promise<boolean> {
  const changed = await ask(index, scratch, signal).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new UserError(
      `cannot ask whether ${distro}'s image is out of date: ${cause.message}; say --offline to take it as it is`,
      { exitCode: 3, cause },
    );
  });
  if (changed.length > 0) {
    tell(`${distro}: its package index has changed since ${madeAt.slice(0, 16)}Z: ${changed.join(' ')}`);
  }
  return changed.length === 0;
}
