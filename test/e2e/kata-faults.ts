import type { Fault } from './faults.ts';

const qemu = '/usr/bin/qemu-system-x86_64';
const virtiofsd = '/usr/libexec/virtiofsd';

/** For the scenarios that go by ctr, on stack qemu of a debian-13 that has a Kata. */
export const kataFaults: readonly Fault[] = [
  {
    scenario: 'kata.vmm-identity',
    title: "another QEMU behind the path of the distro's",
    prepare: replaced(qemu, ['exec "$0.away" "$@"']),
    expect: { message: /the vmm that ran is .*\.away, and not the \/usr\/bin\/qemu-system-x86_64/ },
  },
  {
    scenario: 'kata.vmm-identity',
    title: 'a virtiofsd of no package',
    prepare: `sed -i '\\,/virtiofsd$,d' /var/lib/dpkg/info/virtiofsd.list`,
    expect: { message: /virtiofsd is of package none, and not of the distro's virtiofsd/ },
  },
  {
    scenario: 'kata.lifecycle',
    title: 'an exit status that does not come through',
    prepare: replaced('/usr/bin/ctr', [
      'case "$*" in *life-kata-7*) "$0.away" "$@"; exit 0 ;; esac',
      'exec "$0.away" "$@"',
    ]),
    expect: { message: /end\.status is 0, and not 7/ },
  },
  {
    scenario: 'kata.net',
    title: 'a kernel that can not redirect between interfaces',
    prepare: withoutModule('act_mirred'),
    expect: { message: /a container with a network does not start by kata/ },
  },
  {
    scenario: 'kata.resources',
    title: 'guests of one size, whatever is asked',
    prepare: `printf '[runtime]\\nstatic_sandbox_resource_mgmt = false\\n' >/etc/katafarm/qemu/config.d/99-planted.toml`,
    expect: { message: /a guest for \d+ MiB has \d+ MiB, and not/ },
  },
  {
    scenario: 'kata.leftovers',
    title: 'a virtiofsd that leaves a process of its own',
    prepare: leavingProcess(),
    expect: { message: /the container is gone and left this:\nprocess \/usr\/libexec\/virtiofsd-stays/ },
  },
  {
    scenario: 'kata.log-clean',
    title: 'a denial by AppArmor',
    prepare: replaced(virtiofsd, [
      'echo \'audit: type=1400 apparmor="DENIED" operation="planted"\' >/dev/kmsg',
      'exec "$0.away" "$@"',
    ]),
    expect: { message: /^denials:\n.*apparmor="DENIED" operation="planted"/ },
  },
  {
    scenario: 'kata.block-aio',
    // Not io_uring forbidden by sysctl: from 8.1 on, QEMU does without it.
    title: 'a QEMU without the bus that disks are plugged into',
    prepare: replaced(qemu, [
      'for word; do',
      '  shift',
      '  case $word in virtio-scsi-pci,*) word=virtio-rng-pci ;; esac',
      '  set -- "$@" "$word"',
      'done',
      'exec "$0.away" "$@"',
    ]),
    expect: { message: /a container does not run by kata/ },
  },
  {
    scenario: 'kata.parallel',
    title: 'a virtiofsd that starts once and not again',
    prepare: replaced(virtiofsd, ['mkdir /run/planted || exit 1', 'exec "$0.away" "$@"']),
    expect: { message: /a container does not start by kata/ },
  },
  {
    scenario: 'kata.check',
    title: 'tools for another machine',
    prepare: `for tool in /opt/kata/bin/kata-runtime /opt/kata/bin/kata-ctl; do
        [ ! -e "$tool" ] || printf '#!/nonexistent\\n' >"$tool"
      done`,
    expect: { message: /kata-(runtime|ctl) does not run/ },
  },
  {
    scenario: 'kata.guest-boot',
    title: "the distro's kernel in the place of Kata's, which is to mount its root without modules",
    prepare: `cat "/boot/vmlinuz-$(uname -r)" >/tmp/planted
      for kernel in /opt/kata/share/kata-containers/vmlinu[xz].container; do cat /tmp/planted >"$kernel"; done`,
    expect: { message: /the guest's kernel panicked: VFS/ },
  },
  {
    scenario: 'kata.uname-cold',
    title: 'a shim that is gone after a boot',
    prepare: `echo 'r! /usr/local/bin/containerd-shim-kata-qemu-v2' >/etc/tmpfiles.d/planted.conf`,
    expect: { message: /a container does not run by kata/ },
  },
  {
    scenario: 'kata.uname-bare',
    title: 'a virtiofsd that exits',
    prepare: replaced(virtiofsd, ["echo 'broken on purpose' >&2", 'exit 3']),
    expect: { message: /a container does not run by kata/ },
  },
  {
    scenario: 'kata.upgrade',
    title: "a package manager that can't be used",
    prepare: `echo 'DPkg::Pre-Invoke { "exit 1"; };' >/etc/apt/apt.conf.d/99-planted`,
    expect: { message: /the VMM's package can't be installed while it runs/ },
  },
  {
    scenario: 'kata.negative-path',
    title: 'a VMM where none is to be',
    prepare: `ln -s ${qemu} /nonexistent`,
    expect: { message: /a container runs though its VMM is to be \/nonexistent/ },
  },
  {
    scenario: 'kata.negative-vmm',
    title: 'a VMM where a program that fails is to be',
    prepare: `ln -sf ${qemu} /usr/bin/false`,
    expect: { message: /a container runs though its VMM is to be \/usr\/bin\/false/ },
  },
  {
    scenario: 'kata.kill-vmm',
    title: 'a virtiofsd that leaves a process of its own',
    prepare: leavingProcess(),
    expect: { message: /the container is gone and left this:\nprocess \/usr\/libexec\/virtiofsd-stays/ },
  },
];

function leavingProcess(): string {
  const stays = `${virtiofsd}-stays`;
  return `cp /usr/bin/sleep ${stays}
    ${replaced(virtiofsd, [`setsid ${stays} 100000 >/dev/null 2>&1 </dev/null &`, 'exec "$0.away" "$@"'])}`;
}

function file(path: string, lines: readonly string[]): string {
  return `cat >${path} <<'PLANTED'\n${lines.join('\n')}\nPLANTED`;
}

/** A script at a program's path; the program is kept beside it, as `PATH.away`. */
function replaced(path: string, lines: readonly string[]): string {
  return `mv ${path} ${path}.away\n${file(path, ['#!/bin/sh', ...lines])}\nchmod 755 ${path}`;
}

/** The module's file is taken away, and the module unloaded. */
function withoutModule(name: string): string {
  return `modprobe -r ${name} || true
    find "/lib/modules/$(uname -r)" -name "${name}.ko*" -exec mv {} /root/ ';'
    depmod -a`;
}
