import { isPackaged } from '../domain/claim.ts';
import type { Distro } from '../domain/distro.ts';
import type { Part } from '../domain/stack.ts';
import { posixQuote } from '../machine/quote.ts';

/** Modules that a guest of Kata's needs before its agent can be reached, or for its devices. Their dependencies come along. */
const guestModules = [
  ...['virtio_pci', 'vmw_vsock_virtio_transport', 'virtiofs', 'virtio_net', 'virtio_blk', 'virtio_scsi'],
  ...['virtio_console', 'virtio_rng', 'sd_mod', 'overlay', 'ext4'],
];

/** Other places of virtiofsd's, where no vhost-user file names it: facts of Debian, Arch, Leap 15. */
const virtiofsdPlaces = [
  ...['/usr/libexec/virtiofsd', '/usr/lib/virtiofsd', '/usr/lib/qemu/virtiofsd'],
  '/usr/libexec/virtiofsd/virtiofsd',
];

/** What is in the machine of what stacks are put together from, as `foundIn` reads it. */
export function lookingScript({ parts }: Pick<Distro, 'parts'>): string {
  const claimOf = (part: Part) => {
    const claim = parts[part];
    return isPackaged(claim) ? claim.path : '';
  };
  const paths = ['qemu', 'cloud-hypervisor', 'firecracker'] as const;
  return `
set -eu
there() { [ ! -x "$2" ] || [ -d "$2" ] || echo "$1=$2"; }
${paths.map((part) => `there ${part} ${posixQuote(claimOf(part))}`).join('\n')}
named=$(sed -n 's/.*"binary"[^"]*"\\([^"]*\\)".*/\\1/p' /usr/share/qemu/vhost-user/*virtiofsd*.json 2>/dev/null | head -n 1)
for place in "$named" ${posixQuote(claimOf('virtiofsd'))} ${virtiofsdPlaces.join(' ')}; do
  [ -f "$place" ] && [ -x "$place" ] || continue
  echo "virtiofsd=$place"
  break
done
kernel=${posixQuote(claimOf('kernel'))}
for place in "$kernel$(uname -r)" "$kernel" "/lib/modules/$(uname -r)/vmlinuz" "/boot/vmlinuz-$(uname -r)"; do
  [ -f "$place" ] || continue
  echo "kernel=$place"
  break
done
qemu=${posixQuote(claimOf('qemu'))}
if [ -x "$qemu" ]; then
  "$qemu" -device help 2>/dev/null | grep -q '"nvdimm"' || echo nvdimm=no
  block=$(mktemp)
  truncate -s 1M "$block"
  printf '{"execute":"qmp_capabilities"}{"execute":"quit"}\\n' |
    "$qemu" -M none -nodefaults -no-user-config -display none -S -qmp stdio \\
      -blockdev "driver=file,node-name=probe,filename=$block,aio=io_uring" >/dev/null 2>"$block.said" ||
    echo "io-uring=QEMU refuses io_uring: $(tail -n 1 "$block.said")"
  rm -f "$block" "$block.said"
fi
disabled=$(cat /proc/sys/kernel/io_uring_disabled 2>/dev/null || echo 0)
[ "$disabled" = 0 ] || echo "io-uring=kernel.io_uring_disabled is $disabled"
echo "shm-mib=$(df -Pk /dev/shm | awk 'NR == 2 { print int($2 / 1024) }')"
echo "memory-mib=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)"`;
}

/** Where the initrd for the distro's own kernel is put. */
const madeInitrd = '/var/lib/katafarm/distro-kernel-initrd.img';

/**
 * Kata's initrd with a second archive behind it: the running kernel's modules, a static busybox, and an init that loads
 * them before the agent opens its vsock. The kernel unpacks both, one over the other.
 */
export function initrdScript(kataInitrd: string, init: string): string {
  return `
set -eu
work=$(mktemp -d)
mkdir -p "$work/katafarm" /var/lib/katafarm
cp "$(command -v busybox)" "$work/katafarm/busybox"
for module in ${guestModules.join(' ')}; do
  modprobe --show-depends "$module" 2>/dev/null || echo "builtin or missing: $module" >&2
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work.modules"
order=100
while read -r file; do
  order=$((order + 1))
  name="$work/katafarm/$order-$(basename "$file" | sed 's/\\.ko.*//').ko"
  case $file in
    *.xz) xz -dc "$file" >"$name" ;;
    *.zst) zstd -qdc "$file" >"$name" ;;
    *.gz) gzip -dc "$file" >"$name" ;;
    *) cp "$file" "$name" ;;
  esac
done <"$work.modules"
cat >"$work${init}" <<'INIT'
#!/katafarm/busybox sh
for module in /katafarm/*.ko; do
  /katafarm/busybox insmod "$module"
done
exec /sbin/init
INIT
chmod 755 "$work${init}"
(cd "$work" && find . | cpio --quiet -o -H newc | gzip -1) >"$work.cpio"
cat ${posixQuote(kataInitrd)} "$work.cpio" >${madeInitrd}
rm -rf "$work" "$work.modules" "$work.cpio"
echo "initrd=${madeInitrd}"`;
}
