import { setTimeout as sleep } from 'node:timers/promises';
import { limitedBy } from '../../machine/limit.ts';
import type { Link } from './link.ts';
import type { SshMachine } from './machine.ts';

/** A server's firmware takes minutes. */
const restartSeconds = 1800;
const bootId = 'cat /proc/sys/kernel/random/boot_id';

const settle = `command -v systemctl >/dev/null || exit 0
while :; do
  state=$(systemctl is-system-running --wait 2>/dev/null) || true
  case $state in ''|initializing|starting|offline|unknown) sleep 1 ;; *) break ;; esac
done`;

/** Restarts a machine; resolves when it answers with another boot id, and its init has come to the end of its work. */
export async function restart(machine: SshMachine, link: Link, interrupt: AbortSignal): Promise<void> {
  const signal = limitedBy(interrupt, restartSeconds, `${link.name} to boot again`);
  const before = await machine.ask(bootId, signal);
  if (before === undefined) {
    throw new Error(`cannot restart ${link.name}: it does not answer`);
  }
  await machine.ask('(sleep 1; systemctl reboot || reboot) >/dev/null 2>&1 </dev/null &', signal);
  for (;;) {
    await sleep(2000, undefined, { signal });
    const now = await machine
      .login(signal)
      .then(() => machine.ask(bootId, signal))
      .catch(() => undefined);
    signal.throwIfAborted();
    if (now !== undefined && now !== before) {
      break;
    }
  }
  await link.again(signal);
  await machine.ask(settle, signal);
}
