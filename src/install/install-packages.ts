import type { Guest } from '../machine/guest.ts';
import { posixQuote } from '../machine/quote.ts';
import { type Asking, answerIn } from './ask-manager.ts';
import { installAnswer } from './managers/answer.ts';
import type { PackageManager } from './managers/package-manager.ts';

/** Why a package is not there, in the package manager's own words. */
export interface Absent {
  readonly state: 'not-packaged' | 'uninstallable';
  readonly said: string;
}

/**
 * Installs what it can of these packages: what the package manager doesn't know, or can't install, keeps no other back.
 * Returns what is not there, by name.
 */
export async function installPackages(
  guest: Pick<Guest, '$'>,
  manager: PackageManager,
  names: readonly string[],
  without: readonly string[],
  asking: Asking,
): Promise<ReadonlyMap<string, Absent>> {
  const absent = new Map<string, Absent>();
  let left = names;
  while (left.length > 0) {
    asking.tell(`installing ${left.join(', ')}`);
    const command = manager.install(left.map((name) => posixQuote(name)).join(' '), without);
    const {
      kind,
      said,
      names: unknown,
    } = await answerIn(guest, command, (ended) => installAnswer(manager, ended), asking);
    if (kind === 'done') {
      return absent;
    }

    const state = kind === 'not-packaged' ? kind : 'uninstallable';
    const named = left.filter((name) => unknown.has(name));
    const [only = '', ...more] = left;
    if (named.length === 0 && more.length > 0) {
      // It does not say which: each by itself, then.
      for (const name of left) {
        const alone = await installPackages(guest, manager, [name], without, asking);
        for (const [one, why] of alone) {
          absent.set(one, why);
        }
      }
      return absent;
    }
    for (const name of named.length > 0 ? named : [only]) {
      absent.set(name, { state, said: unknown.get(name) ?? said });
    }
    left = left.filter((name) => !absent.has(name));
  }
  return absent;
}
