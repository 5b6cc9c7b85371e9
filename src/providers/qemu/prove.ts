import { limitedBy } from '../../machine/limit.ts';
import type { BootRequest, Proof } from '../../machine/machine.ts';
import { posixQuote } from '../../machine/quote.ts';
import type { QemuMachine } from './machine.ts';

/** For the inner guest, on hardware of speed 1. */
const nestedSeconds = 15;

/** A machine's own kernel with a busybox, under KVM inside the machine: says so and powers off. */
export const provingScript = (qemu: string, seconds: number) => `
set -eu
modprobe kvm_intel 2>/dev/null || modprobe kvm_amd 2>/dev/null || { echo no KVM module loads; exit 1; }
root=$(mktemp -d); mkdir "$root/bin" "$root/dev"
cp "$(command -v busybox)" "$root/bin/busybox"
mknod "$root/dev/console" c 5 1
printf '%s\\n' '#!/bin/busybox sh' '/bin/busybox echo inner-guest-is-up' '/bin/busybox poweroff -f' > "$root/init"
chmod 755 "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc) > "$root.cpio"
start=$(date +%s%N)
timeout ${Math.round(seconds)} ${posixQuote(qemu)} -nodefaults -no-user-config -display none -no-reboot -machine q35 \\
  -accel kvm -cpu host -m 256 -kernel "/boot/vmlinuz-$(uname -r)" -initrd "$root.cpio" \\
  -append 'console=ttyS0 panic=-1 quiet' -serial stdio 2>&1 | tail -n 20
echo "inner-guest-took:$(( ($(date +%s%N) - start) / 1000000 ))"`;

/** Stage 2 of the probe, on a clone that nobody else uses. */
export async function proveNesting(
  machine: QemuMachine,
  qemu: string | undefined,
  { speed, signal }: BootRequest,
): Promise<Proof> {
  if (qemu === undefined) {
    return { nested: false, panicked: false, said: 'not tried: this release packages no QEMU' };
  }
  const seconds = nestedSeconds * speed.factor;
  const limit = limitedBy(signal, seconds + 10 * speed.factor, 'a guest inside the guest');
  const { output } = await machine.ask(provingScript(qemu, seconds), limit);
  const nested = output.includes('inner-guest-is-up');
  const ms = Number(output.match(/inner-guest-took:(\d+)/)?.[1] ?? 0);
  const panicked = !nested && output.includes('Kernel panic');
  // One that stalled on the way says that guests come up, and nothing of how long they take.
  const isTelling = nested && ms <= seconds * 1000;
  return {
    ...{ nested, panicked, said: nested ? '' : output.trim().slice(-300) },
    ...(isTelling && { nestedMs: ms }),
  };
}
