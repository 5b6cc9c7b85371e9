import type { ScenarioId } from '../../src/domain/scenario.ts';

/** Something broken on purpose, and how a scenario must say so. */
export interface Fault {
  readonly scenario: ScenarioId;
  readonly title: string;
  /** Run as root by `/bin/sh -eu` in a debian-13 machine, before it is frozen (for a cold scenario: before it boots). */
  readonly prepare: string;
  readonly expect: { readonly step?: string; readonly message: RegExp };
}

/** For every scenario that debian-13 runs: it fails for the right reason. */
export const faults: readonly Fault[] = [
  {
    scenario: 'host.boot',
    title: 'a unit that fails at boot',
    prepare: `${file('/etc/systemd/system/planted.service', [
      '[Service]',
      'Type=oneshot',
      'ExecStart=/bin/false',
      '[Install]',
      'WantedBy=multi-user.target',
    ])}
      systemctl daemon-reload
      systemctl enable planted.service
      systemctl start planted.service || true`,
    expect: {
      step: 'see what keeps it from running',
      message: /the system is degraded, as these units failed: planted\.service/,
    },
  },
  {
    scenario: 'host.cpu',
    title: "a kernel that hides the CPU's virtualisation",
    prepare: `sed -E 's/ (svm|vmx)\\b//' /proc/cpuinfo >/run/cpuinfo
      mount --bind /run/cpuinfo /proc/cpuinfo`,
    expect: { message: /the CPU has what the kernel does not show: (svm|vmx)/ },
  },
  {
    scenario: 'host.kvm',
    title: 'a kernel without the KVM module of this CPU',
    prepare: withoutModule('kvm-amd kvm-intel'),
    expect: {
      step: "load the CPU's KVM module",
      message: /modprobe kvm_(amd|intel) failed/,
    },
  },
  {
    scenario: 'host.modules',
    title: 'a kernel without vhost_vsock and act_mirred',
    prepare: withoutModule('vhost_vsock act_mirred'),
    expect: { message: /the distro's kernel has no vhost_vsock, act_mirred/ },
  },
  {
    scenario: 'host.devices',
    title: 'a plain file where a device should be',
    prepare: 'rm -f /dev/vhost-net; : >/dev/vhost-net',
    expect: { message: /\/dev\/vhost-net: not a character device/ },
  },
  {
    scenario: 'host.limits',
    title: 'io_uring forbidden by sysctl',
    prepare: 'sysctl -w kernel.io_uring_disabled=2',
    expect: { message: /io_uring_disabled is 2, and must be 0 or 1/ },
  },
  {
    scenario: 'host.lsm',
    title: 'an AppArmor without its userspace, as where Recommends were left out',
    prepare: 'mv /usr/sbin/apparmor_parser /usr/sbin/apparmor_parser.away',
    expect: { message: /its userspace \(apparmor_parser\) is missing/ },
  },
  {
    scenario: 'host.containerd',
    title: 'a containerd that is stopped and masked',
    prepare: 'systemctl mask --now containerd',
    expect: { step: 'start containerd', message: /containerd does not start/ },
  },
  {
    scenario: 'control.runc',
    title: 'a runc that fails',
    prepare: replaced('/usr/sbin/runc', ["echo 'broken on purpose' >&2", 'exit 1']),
    expect: { step: 'run a container', message: /a container does not run by io\.containerd\.runc\.v2/ },
  },
  {
    scenario: 'vmm.qemu.probe',
    title: 'a QEMU without vhost-vsock-pci',
    prepare: replaced('/usr/bin/qemu-system-x86_64', [
      'case "$*" in "-device help") "$0.away" "$@" | grep -v vhost-vsock-pci ;; *) exec "$0.away" "$@" ;; esac',
    ]),
    expect: { message: /the distro's QEMU lacks what Kata needs: device vhost-vsock-pci$/ },
  },
  {
    scenario: 'vmm.qemu.qmp',
    title: 'a QEMU that is a shell script',
    prepare: replaced('/usr/bin/qemu-system-x86_64', ["echo 'broken on purpose' >&2", 'exit 1']),
    expect: {
      step: 'talk to QEMU over a socket',
      message: /QEMU ended with status 1 before it could make a QMP socket/,
    },
  },
  {
    scenario: 'vmm.qemu.boot',
    title: "another QEMU behind the path of the distro's",
    prepare: replaced('/usr/bin/qemu-system-x86_64', ['exec "$0.away" "$@"']),
    expect: { message: /what ran is \/usr\/bin\/qemu-system-x86_64\.away, and not the distro's/ },
  },
  {
    scenario: 'vmm.qemu.boot',
    title: 'a kernel that has no vsock for guests',
    prepare: withoutModule('vmw_vsock_virtio_transport'),
    expect: {
      step: "make an initrd for the distro's own kernel",
      message: /the distro's kernel has no vmw_vsock_virtio_transport/,
    },
  },
  {
    scenario: 'vmm.qemu.kata-cmdline',
    title: 'a QEMU without vhost-user-fs-pci',
    prepare: replaced('/usr/bin/qemu-system-x86_64', [
      'case "$*" in *vhost-user-fs-pci*)',
      `  echo "qemu: -device vhost-user-fs-pci: 'vhost-user-fs-pci' is not a valid device model name" >&2`,
      '  exit 1 ;;',
      'esac',
      'exec "$0.away" "$@"',
    ]),
    expect: {
      message:
        /Kata 4\.1\.0 \(runtime-rs, image, nested\): QEMU ended with status 1: .* is not a valid device model name/,
    },
  },
  {
    scenario: 'vmm.qemu.kata-cmdline',
    title: 'a QEMU whose bridges take no device while it runs',
    prepare: replaced('/usr/bin/qemu-system-x86_64', [
      'case "$*" in *q35*) set -- "$@" -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off ;; esac',
      'exec "$0.away" "$@"',
    ]),
    expect: {
      message:
        /Kata 4\.1\.0 \(runtime-rs, image, nested\): device_add virtio-net-pci: Bus 'pci-bridge-0' does not support hotplugging/,
    },
  },
  {
    scenario: 'vmm.guest-kernel-config',
    title: 'a kernel built without virtio-fs',
    prepare: 'sed -i "s/^CONFIG_VIRTIO_FS=.*/# CONFIG_VIRTIO_FS is not set/" "/boot/config-$(uname -r)"',
    expect: { message: /the distro's kernel is unusable as a guest's, as these are off: VIRTIO_FS$/ },
  },
  {
    scenario: 'vmm.virtiofsd.start',
    title: 'a virtiofsd that exits',
    prepare: replaced('/usr/libexec/virtiofsd', ["echo 'broken on purpose' >&2", 'exit 3']),
    expect: {
      step: 'start virtiofsd as Kata does',
      message: /virtiofsd ended with status 3 on Kata's arguments: broken on purpose/,
    },
  },
  {
    scenario: 'vmm.virtiofs.mount',
    title: 'a virtiofsd that shares another folder',
    prepare: replaced('/usr/libexec/virtiofsd', [
      'mkdir -p /var/tmp/other && echo other >/var/tmp/other/given',
      'for word; do shift; [ "$word" != shared ] || word=/var/tmp/other; set -- "$@" "$word"; done',
      'exec "$0.away" "$@"',
    ]),
    expect: {
      step: 'share a folder with a nested guest',
      message: /the nested guest wrote no file to the shared folder/,
    },
  },
];

function file(path: string, lines: readonly string[]): string {
  return `cat >${path} <<'PLANTED'\n${lines.join('\n')}\nPLANTED`;
}

/** A script at a program's path; the program is kept beside it, as `PATH.away`. */
function replaced(path: string, lines: readonly string[]): string {
  return `mv ${path} ${path}.away\n${file(path, ['#!/bin/sh', ...lines])}\nchmod 755 ${path}`;
}

/** The modules' files (named by words) are taken away, and the modules unloaded. */
function withoutModule(names: string): string {
  return `for name in ${names}; do
      modprobe -r "$name" || true
      find "/lib/modules/$(uname -r)" -name "$name.ko*" -exec mv {} /root/ ';'
    done
    depmod -a`;
}
