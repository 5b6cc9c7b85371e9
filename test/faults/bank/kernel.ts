import type { Fault } from '../fault.ts';
import { file, withoutModule } from '../plant.ts';

/** The distro's kernel: as the machine's, and as a nested guest's. */
export const kernelFaults: readonly Fault[] = [
  {
    id: 'kvm-module-missing',
    title: 'a kernel without the KVM module of this CPU',
    plant: { script: withoutModule('kvm-amd kvm-intel') },
    scenario: 'host.kvm',
    expect: { component: 'distro-kernel', class: 'host-module-missing' },
    why: "The CPU offers it and /lib/modules has no such file: that is the kernel's package, not the outer hypervisor.",
  },
  {
    id: 'vsock-module-missing',
    title: 'a kernel without vhost_vsock',
    plant: { script: withoutModule('vhost_vsock') },
    scenario: 'host.modules',
    expect: { component: 'distro-kernel', class: 'host-module-missing' },
    why: 'A module that is absent from /lib/modules was left out by whoever built the kernel.',
  },
  {
    id: 'vsock-missing-under-qemu',
    title: 'a kernel without vhost_vsock, met by QEMU',
    plant: { script: withoutModule('vhost_vsock') },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'distro-kernel', class: 'host-module-missing' },
    why: 'QEMU only says that the device is not there; the facility is red without any QEMU.',
  },
  {
    id: 'tc-modules-missing',
    title: 'a kernel without sch_ingress and act_mirred',
    plant: { script: withoutModule('act_mirred sch_ingress') },
    scenario: 'host.modules',
    expect: { component: 'distro-kernel', class: 'host-module-missing' },
    why: "Kata's network model needs them of the host's kernel, whose package has no such files.",
  },
  {
    id: 'tc-refused-by-use',
    title: 'traffic control that refuses a redirection, by use',
    plant: { script: withoutModule('act_mirred sch_ingress') },
    scenario: 'host.tc',
    expect: { component: 'distro-kernel', class: 'tc-missing' },
    why: 'tc is there and speaks; what refuses is the kernel, which has no act_mirred to load.',
  },
  {
    id: 'overlay-missing',
    title: 'a kernel without overlayfs, met by a container',
    plant: { script: withoutModule('overlay') },
    scenario: 'control.runc',
    expect: { component: 'distro-kernel', class: 'host-module-missing' },
    why: "A failed control looks like the container stack's fault, and containerd can't mount what the kernel does not have.",
  },
  {
    id: 'guest-vsock-missing',
    title: 'a kernel that has no vsock for guests',
    plant: { script: withoutModule('vmw_vsock_virtio_transport') },
    scenario: 'vmm.qemu.boot',
    expect: { component: 'distro-kernel', class: 'guest-kernel-config' },
    why: "The guest runs the distro's kernel, and its package has no such module for any initrd to load.",
  },
  {
    id: 'virtio-fs-off',
    title: 'a kernel built without virtio-fs',
    plant: {
      script: 'sed -i "s/^CONFIG_VIRTIO_FS=.*/# CONFIG_VIRTIO_FS is not set/" "/boot/config-$(uname -r)"',
    },
    scenario: 'vmm.guest-kernel-config',
    expect: { component: 'distro-kernel', class: 'guest-kernel-config' },
    why: "A distro's kernel is blamed for a symbol that is off, and this one is off in its own configuration.",
  },
  {
    id: 'kernel-truncated',
    title: 'a kernel image of which only the head is there',
    plant: { script: 'truncate -s 1000 "/boot/vmlinuz-$(uname -r)"' },
    scenario: 'vmm.qemu.boot',
    expect: 'unknown',
    why: "A distro's kernel is blamed for a symbol that is off, or after a swap, and there is nothing to swap it with.",
  },
  {
    id: 'modules-not-indexed',
    title: 'modules that are there, and an index that does not name them',
    plant: {
      script: `modprobe -r vhost_vsock 2>/dev/null || true
        cd "/lib/modules/$(uname -r)"
        for index in modules.dep modules.alias modules.symbols; do : >"$index"; rm -f "$index.bin"; done`,
    },
    scenario: 'host.modules',
    expect: { component: 'farm', class: 'trouble' },
    why: `modprobe says "not found" of files that are there: a module that exists and was not loaded is the farm's.`,
  },
  {
    id: 'module-blacklisted',
    title: 'a KVM module that modprobe is told not to load',
    plant: {
      script: `modprobe -r kvm_amd kvm_intel 2>/dev/null || true
        ${file('/etc/modprobe.d/planted.conf', ['install kvm_amd /bin/false', 'install kvm_intel /bin/false'])}`,
    },
    scenario: 'host.kvm',
    expect: { component: 'distro-host', class: 'host-module-forbidden' },
    why: "The kernel has the module, and the host's configuration forbids to load it.",
  },
  {
    id: 'cpu-flags-hidden',
    title: "a kernel that hides the CPU's virtualisation",
    plant: {
      script: `sed -E 's/ (svm|vmx)\\b//' /proc/cpuinfo >/run/cpuinfo
        mount --bind /run/cpuinfo /proc/cpuinfo`,
    },
    scenario: 'host.cpu',
    expect: { component: 'distro-kernel', class: 'cpu-hidden' },
    why: 'CPUID has the flag, so that the machine offers it, and the kernel does not show it.',
  },
];
