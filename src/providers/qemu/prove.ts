import { nestedGuestScript, nestedSeconds, proofIn } from '../../host/nested-guest.ts';
import { limitedBy } from '../../machine/limit.ts';
import type { BootRequest, Proof } from '../../machine/machine.ts';
import type { QemuMachine } from './machine.ts';

/** Stage 2 of the probe, on a clone that nobody else uses. */
export async function proveNesting(
  machine: QemuMachine,
  qemu: string | undefined,
  { speed, signal }: Pick<BootRequest, 'speed' | 'signal'>,
): Promise<Proof> {
  if (qemu === undefined) {
    return { nested: false, panicked: false, said: 'not tried: this release packages no QEMU' };
  }
  const seconds = nestedSeconds * speed.factor;
  const limit = limitedBy(signal, seconds + 10 * speed.factor, 'a guest inside the guest');
  const { output } = await machine.ask(nestedGuestScript(qemu, seconds, machine.spec.arch), limit);
  return proofIn(output, seconds);
}
