import { setTimeout as sleep } from 'node:timers/promises';
import { limitedBy } from '../../machine/limit.ts';
import type { Answer } from './channel.ts';

/** From `reboot` to the next answer, emulated on a busy host: for whoever gives no limit of a step's. */
const restartSeconds = 900;
/** What is asked while a machine goes down is never answered, and has to be asked again. */
const answerMs = 20_000;

/** Restarts a machine by what asks it; resolves when it answers with another boot id. */
export async function restart(
  name: string,
  ask: (script: string, signal: AbortSignal) => Promise<Answer>,
  interrupt: AbortSignal,
): Promise<void> {
  const signal = limitedBy(interrupt, restartSeconds, `${name} to boot again`);
  const bootId = async (): Promise<string | undefined> => {
    const asked = ask('cat /proc/sys/kernel/random/boot_id', AbortSignal.timeout(answerMs));
    return asked.then(({ output }) => output).catch(() => undefined);
  };

  const before = await bootId();
  await ask('systemctl reboot --no-block', signal);
  for (let now = before; now === before || now === undefined; now = await bootId()) {
    await sleep(500, undefined, { signal });
  }
}
