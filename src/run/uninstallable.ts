import type { Finding } from '../domain/finding.ts';
import type { Failed } from '../domain/outcome.ts';
import type { Overlay } from '../install/overlay/overlay.ts';
import { Uninstallable } from '../install/overlay/uninstallable.ts';

/** The verdict on packages that can't be installed; undefined where something else went wrong. */
export function verdictOf(error: unknown): Failed | undefined {
  if (!(error instanceof Uninstallable)) {
    return undefined;
  }
  const { message, detail } = error;
  return { status: 'failed', step: 'install the overlay', class: 'uninstallable', message, detail };
}

/** Whose fault that is: no experiment could say more than the package manager did. */
export function uninstallableFinding({ message }: Failed, overlay: Overlay): Finding {
  const provenance = overlay.key.split('\n')[0] ?? '';
  return {
    component: 'distro-packaging',
    provenance,
    mender: 'the maintainers of the packages in the overlay',
    class: 'uninstallable',
    confidence: 'fingerprint',
    because: [
      'the release without the overlay could be prepared, and its package index was read',
      'the package manager refused the overlay on two fresh clones',
      message,
    ],
    evidence: [],
    versions: {},
  };
}

/**
 * What can't be installed is tried once more, on a fresh clone, before it is believed. Throws an Uninstallable where it
 * was refused both times; `wrong` is told of the first.
 */
export async function confirmed<T>(deed: () => Promise<T>, wrong: (error: Error) => void): Promise<T> {
  try {
    return await deed();
  } catch (error) {
    if (!(error instanceof Uninstallable)) {
      throw error;
    }
    wrong(error);
    return await deed();
  }
}
