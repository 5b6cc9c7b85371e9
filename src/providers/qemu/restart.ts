import { setTimeout as sleep } from 'node:timers/promises';
import { BootFailed } from '../../machine/faults.ts';
import { limitedBy } from '../../machine/limit.ts';
import { comingUp } from './coming-up.ts';
import type { QemuMachine } from './machine.ts';
import { bootSettled } from './prepare.ts';

/** From `reboot` to the end of the boot, emulated on a busy host: for whoever gives no limit of a step's. */
const restartSeconds = 900;
/** What is asked while a machine goes down is never answered, and has to be asked again. */
const answerMs = 20_000;

/**
 * Restarts a machine; resolves when it answers with another boot id, and its init has come to the end of its work.
 * Throws a BootFailed where its console shows why it does not.
 */
export async function restart(machine: QemuMachine, interrupt: AbortSignal): Promise<void> {
  const limit = limitedBy(interrupt, restartSeconds, `${machine.name} to boot again`);
  const bootId = async (): Promise<string | undefined> => {
    const asked = machine.ask('cat /proc/sys/kernel/random/boot_id', AbortSignal.timeout(answerMs));
    return asked.then(({ output }) => output).catch(() => undefined);
  };

  try {
    await comingUp(machine, limit, async (signal) => {
      const before = await bootId();
      await machine.ask('systemctl reboot --no-block 2>/dev/null || reboot', signal);
      for (let now = before; now === before || now === undefined; now = await bootId()) {
        await sleep(500, undefined, { signal });
      }
      await bootSettled(machine, signal);
    });
  } catch (error) {
    // Where its console shows nothing, the way to it is what went wrong.
    throw error instanceof BootFailed && error.seen.length === 0 ? error.cause : error;
  }
}
