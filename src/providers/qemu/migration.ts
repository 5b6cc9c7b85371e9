import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../../machine/limit.ts';
import type { Qmp } from './qmp.ts';

/** What QEMU says of a state that is on its way (qapi/migration.json, MigrationInfo). */
interface Progress {
  readonly status?: string;
  readonly 'error-desc'?: string;
  readonly ram?: { readonly transferred: number };
}

/**
 * Resolves when a state is written, or read, to its end. Throws where QEMU gave it up, or the signal aborts, whether
 * QEMU answers or not.
 */
export async function migrated(
  { qmp, name }: { readonly qmp: Pick<Qmp, 'execute'>; readonly name: string },
  signal: AbortSignal,
  moved: (bytes: number) => void = () => {},
): Promise<void> {
  for (;;) {
    const { status, ram, ...told } = (await untilAborted(qmp.execute('query-migrate'), signal)) as Progress;
    if (status === 'completed') {
      return;
    }
    if (status === 'failed' || status === 'cancelled') {
      throw new Error(`cannot move the state of ${name}: ${told['error-desc'] ?? status}`);
    }
    moved(ram?.transferred ?? 0);
    await sleep(10);
  }
}
