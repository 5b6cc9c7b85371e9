import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Stand-ins for what builds an image. mmdebstrap writes down each of its calls, and does as `deed` says. */
const scripts = {
  unshare: 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
  mount: '',
  umount: '',
  chroot: `
case "$*" in
  *dpkg-query*) printf "runc\\t1.1.15\\nqemu-system-x86\\t10.0.2\\n" ;;
  *--write-cache*) "$1/sbin/apparmor_parser" "$1/var/cache/apparmor" ;;
esac`,
  mke2fs: 'shift $(($# - 2)); echo disk > "$1"',
  'qemu-system-x86_64': `
case "$*" in
  *'-machine help'*) echo 'q35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-7.2)' ;;
  *) echo no features ;;
esac`,
  mmdebstrap: `
echo "$*" | tr '\\n' ' ' | sed 's/ *$//; s/$/\\n/' >> "$(dirname "$0")/calls"
while case "$1" in --*) true ;; *) false ;; esac; do shift; done
suite=$1; root=$2
mkdir -p "$root/boot" "$root/bin" "$root/dev"
echo "I: running apt-get update..."
echo half > "$root/half-written"
lists="$(dirname "$root")/lists"
mkdir -p "$lists"
dists="mirror.example.org/debian/dists/$suite"
packages=main/binary-amd64/Packages
file=$(echo "$dists" | tr / _)
echo "$packages http://$dists/$packages /lists/$(echo "$dists/$packages" | tr / _).lz4" > "$lists/targets"
printf 'SHA256:\n 11aa 100 %s\n' "$packages" > "$lists/\${file}_InRelease"
. "$(dirname "$0")/deed"
echo kernel > "$root/boot/vmlinuz-6.12-amd64"
echo initrd > "$root/boot/initrd.img-6.12-amd64"
echo busybox > "$root/bin/busybox"`,
};

export interface FakeTools {
  /** Goes first in PATH. */
  readonly folder: string;
  /** What mmdebstrap does in the middle of its work, as a shell script; nothing unless given. */
  readonly inTheMiddle: (deed: string) => Promise<void>;
  /** The arguments of every mmdebstrap so far. */
  readonly calls: () => Promise<readonly string[]>;
}

/** Writes the tools into a folder. */
export async function fakeTools(folder: string): Promise<FakeTools> {
  await mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\nset -eu\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const inTheMiddle = (deed: string) => writeFile(join(folder, 'deed'), `${deed}\n`);
  await inTheMiddle('');
  return {
    folder,
    inTheMiddle,
    calls: async () =>
      (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').slice(0, -1),
  };
}
