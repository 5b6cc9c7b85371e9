import type { Fault } from '../fault.ts';
import { file } from '../plant.ts';

/** How the distro sets its host up: sysctls, device nodes, units, mounts. */
export const hostFaults: readonly Fault[] = [
  {
    id: 'io-uring-disabled',
    title: 'io_uring forbidden by sysctl',
    plant: { script: 'sysctl -w kernel.io_uring_disabled=2' },
    scenario: 'host.limits',
    expect: { component: 'distro-host', class: 'io-uring-disabled' },
    why: "A sysctl is the host's configuration; the kernel has io_uring.",
  },
  {
    id: 'kvm-mode',
    title: '/dev/kvm with a mode that lets nobody in',
    plant: {
      script: `modprobe kvm_amd 2>/dev/null || modprobe kvm_intel
        chmod 000 /dev/kvm
        ${file('/etc/systemd/system/ssh.service.d/planted.conf', [
          '[Service]',
          'CapabilityBoundingSet=~CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH',
        ])}
        systemctl daemon-reload; systemctl restart ssh`,
    },
    scenario: 'vmm.qemu.qmp',
    expect: { component: 'distro-host', class: 'kvm-access' },
    why: `"failed to initialize kvm" is neither QEMU's nor the outer hypervisor's where the node's mode refuses.`,
  },
  {
    id: 'kvm-plain-file',
    title: 'a plain file where /dev/kvm should be',
    plant: { script: 'rm -f /dev/kvm; : >/dev/kvm' },
    scenario: 'vmm.qemu.qmp',
    expect: { component: 'distro-host', class: 'kvm-access' },
    why: 'The module is there and makes a device; what stands at its path is not one.',
  },
  {
    id: 'vhost-net-plain-file',
    title: 'a plain file where /dev/vhost-net should be',
    plant: { script: 'rm -f /dev/vhost-net; : >/dev/vhost-net' },
    scenario: 'host.devices',
    expect: { component: 'distro-host', class: 'host-device' },
    why: 'A node that is no device is not the lack of a module.',
  },
  {
    id: 'inotify-instances',
    title: 'no inotify instance left for anybody',
    plant: { script: 'sysctl -w fs.inotify.max_user_instances=0; systemctl restart containerd || true' },
    scenario: 'host.containerd',
    expect: { component: 'distro-host', class: 'inotify-exhausted' },
    why: 'containerd says "too many open files", and has few open: the sysctl is what refuses.',
  },
  {
    id: 'inotify-watches',
    title: 'no inotify watch left for anybody',
    plant: { script: 'sysctl -w fs.inotify.max_user_watches=0; systemctl restart containerd || true' },
    scenario: 'host.containerd',
    expect: { component: 'distro-host', class: 'inotify-exhausted' },
    why: '"No space left on device" with an empty disk is not the disk.',
  },
  {
    id: 'user-namespaces-off',
    title: 'user namespaces forbidden by sysctl',
    plant: { script: 'sysctl -w user.max_user_namespaces=0' },
    scenario: 'host.limits',
    expect: { component: 'distro-host', class: 'host-limit' },
    why: "The kernel has them, and the host's configuration allows none.",
  },
  {
    id: 'descriptors-few',
    title: 'a systemd that gives services few descriptors',
    plant: {
      cold: true,
      script: file('/etc/systemd/system.conf.d/planted.conf', ['[Manager]', 'DefaultLimitNOFILE=1024:4096']),
    },
    scenario: 'host.limits',
    expect: { component: 'distro-host', class: 'host-limit' },
    why: "systemd's configuration is the distro's, whoever then runs out of descriptors.",
  },
  {
    id: 'propagation-private',
    title: 'mounts that are private to their namespace',
    plant: { script: 'mount --make-rprivate /' },
    scenario: 'host.propagation',
    expect: { component: 'distro-host', class: 'mount-private' },
    why: 'systemd shares the root unless the distro tells it otherwise; neither kernel nor container engine lacks anything.',
  },
  {
    id: 'unit-failed',
    title: "a unit of the distro's that fails at boot",
    plant: {
      cold: true,
      script: `${file('/etc/systemd/system/planted.service', [
        '[Service]',
        'Type=oneshot',
        'ExecStart=/bin/false',
        '[Install]',
        'WantedBy=multi-user.target',
      ])}
        systemctl enable planted.service`,
    },
    scenario: 'host.boot',
    expect: { component: 'distro-host', class: 'host-unit-failed' },
    why: "The kernel boots and systemd works: one of the distro's services does not.",
  },
];
