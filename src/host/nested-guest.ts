import type { Arch } from '../domain/arch.ts';
import type { Proof } from '../machine/machine.ts';
import { posixQuote } from '../machine/quote.ts';

/** For the inner guest, on hardware of speed 1. */
export const nestedSeconds = 15;

interface Inner {
  /** How KVM gets there. */
  readonly load: string;
  readonly machine: string;
  readonly console: string;
}

/** What differs for a guest by the machine's architecture. KVM is part of arm64's kernels. */
const inner: Readonly<Record<Arch, Inner>> = {
  amd64: {
    load: 'modprobe kvm_intel 2>/dev/null || modprobe kvm_amd 2>/dev/null || { echo no KVM module loads; exit 1; }',
    machine: 'q35',
    console: 'ttyS0',
  },
  arm64: {
    load: '[ -e /dev/kvm ] || modprobe kvm 2>/dev/null || { echo the kernel has no KVM here; exit 1; }',
    machine: 'virt,gic-version=host',
    console: 'ttyAMA0',
  },
};

/**
 * A machine's own kernel with a busybox, under KVM inside the machine: says so and powers off. What it makes is below
 * `folder`, a new one of the machine's own unless given.
 */
export function nestedGuestScript(
  qemu: string,
  seconds: number,
  arch: Arch = 'amd64',
  folder?: string,
): string {
  const { load, machine, console } = inner[arch];
  const root = folder === undefined ? '$(mktemp -d)' : `${folder}/inner; mkdir -p "$root"`;
  return `
set -eu
${load}
root=${root}; mkdir "$root/bin" "$root/dev"
cp "$(command -v busybox)" "$root/bin/busybox"
mknod "$root/dev/console" c 5 1
printf '%s\\n' '#!/bin/busybox sh' '/bin/busybox echo inner-guest-is-up' '/bin/busybox poweroff -f' > "$root/init"
chmod 755 "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc) > "$root.cpio"
start=$(date +%s%N)
timeout ${Math.round(seconds)} ${posixQuote(qemu)} -nodefaults -no-user-config -display none -no-reboot -machine ${machine} \\
  -accel kvm -cpu host -m 256 -kernel "/boot/vmlinuz-$(uname -r)" -initrd "$root.cpio" \\
  -append 'console=${console} panic=-1 quiet' -serial stdio 2>&1 | tail -n 20
echo "inner-guest-took:$(( ($(date +%s%N) - start) / 1000000 ))"`;
}

/** What the script's output says. Pure. */
export function proofIn(output: string, seconds: number): Proof {
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
