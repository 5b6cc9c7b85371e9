import type { Fault } from './faults.ts';

/** For every mapping scenario that debian-13 runs to its end: it fails for the right reason on stack qemu. */
export const mappingFaults: readonly Fault[] = [
  {
    scenario: 'mapping.uidgid',
    title: 'a virtiofsd that gives files of one user to another',
    prepare: replaced('/usr/libexec/virtiofsd', ['exec "$0.away" --translate-uid map:1234:5678:1 "$@"']),
    expect: {
      message: /made\.file: runc says "1234:4321 644", Kata says "5678:4321 644"/,
    },
  },
  {
    scenario: 'mapping.filenames',
    title: 'a shim that takes another sandbox with it',
    prepare: `shim=/usr/local/bin/containerd-shim-kata-qemu-v2
      real=$(readlink -f "$shim")
      rm "$shim"
      cat >"$shim" <<PLANTED
#!/bin/sh
case "\\$*" in *longest-kata*) pkill -9 -f -e -- '-id names-kata' >/dev/null ;; esac
exec "$real" "\\$@"
PLANTED
      chmod 755 "$shim"`,
    expect: { message: /bystander: runc says "here", Kata says/ },
  },
  {
    scenario: 'mapping.mounts',
    title: 'a share without a cache, in which no memory can be shared with a file',
    prepare: setting('[hypervisor.qemu]', 'virtio_fs_cache = "never"'),
    expect: { message: /mmap\.maps: runc says "yes", Kata says "No such device"/ },
  },
  {
    scenario: 'mapping.devices',
    title: 'a Kata that leaves the network card out',
    prepare: setting('[runtime]', 'internetworking_model = "none"'),
    expect: { message: /nic\.mac: runc says "02:4b:61:74:61:01", Kata says "No such file or directory"/ },
  },
];

/** A script at a program's path; the program is kept beside it, as `PATH.away`. */
function replaced(path: string, lines: readonly string[]): string {
  return `mv ${path} ${path}.away
    cat >${path} <<'PLANTED'\n${['#!/bin/sh', ...lines].join('\n')}\nPLANTED
    chmod 755 ${path}`;
}

/** A drop-in that comes after the farm's own. */
function setting(table: string, line: string): string {
  return `cat >/etc/katafarm/qemu/config.d/90-planted.toml <<'PLANTED'\n${table}\n${line}\nPLANTED`;
}
