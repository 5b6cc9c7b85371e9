import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MicroGuest, microInitrd, runMicroGuest } from './micro-guest.ts';

/** The longest that a small guest may take to say what its AppArmor can do, under emulation on a busy host. */
const limitMs = 180_000;

/** Run by a small guest's init. Debian 11's busybox has no base64, but uuencode. */
export const askFeatures = `
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t securityfs securityfs /sys/kernel/security
/bin/busybox cp -r /sys/kernel/security/apparmor/features /tmp/features
echo features-begin
/bin/busybox tar -c -C /tmp features | /bin/busybox uuencode -m features.tar
echo features-end`;

/**
 * What a kernel's AppArmor can do, as a tar of securityfs' `features`, put beside the kernel as `features.tar`.
 * With it, the profiles of an image are compiled while it is built, as they would be at a first boot: that takes a
 * second at native speed, and a minute or two under emulation. Writes nothing where the kernel says nothing.
 */
export async function writeFeatures(
  host: Pick<MicroGuest, 'qemu' | 'arch'>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const initrd = join(folder, 'features.cpio');
  await writeFile(initrd, await microInitrd(join(folder, 'busybox'), askFeatures));
  const said = await runMicroGuest({
    ...host,
    name: 'katafarm-features',
    accelerator: 'tcg',
    kernel: join(folder, 'vmlinuz'),
    initrd,
    signal,
    limit: limitMs,
  });
  const code = said.match(/features-begin\nbegin-base64 .*\n([A-Za-z0-9+/=\s]+)====\nfeatures-end/)?.[1];
  if (code) {
    await writeFile(join(folder, 'features.tar'), Buffer.from(code, 'base64'));
  }
}

const done = 'katafarm: compiled profiles are in the cache';

/**
 * Compiles the profiles of the root at `$1`; the features are in the folder `$2`. Best effort: what could not be
 * compiled here, the machine compiles itself. The parser needs /proc; it is in /sbin, which Debian 11 keeps apart.
 */
export const compileProfiles = `
if [ -s "$2/features.tar" ] && [ -x "$1/sbin/apparmor_parser" ]; then
  tar -C "$1/tmp" -xf "$2/features.tar"
  mount -t proc proc "$1/proc"
  option=--kernel-features
  chroot "$1" apparmor_parser --help | grep -q -e "$option" || option=--features-file
  chroot "$1" apparmor_parser --write-cache --skip-kernel-load "$option=/tmp/features" -- /etc/apparmor.d || true
  umount "$1/proc"
  rm -rf "$1/tmp/features"
  ! find "$1/var/cache/apparmor" -type f ! -name '.*' | grep -q . || echo '${done}'
fi
rm -f "$2/features.tar" "$2/features.cpio"
`;

/** Whether a script with `compileProfiles` in it, which printed this, left compiled profiles in the root. */
export function haveCompiled(output: string): boolean {
  return output.includes(done);
}
