import type { Fault } from '../fault.ts';
import { file, replaced } from '../plant.ts';

const runc = '/usr/sbin/runc';

/** containerd and runc. */
export const containerFaults: readonly Fault[] = [
  {
    id: 'containerd-config-broken',
    title: 'a configuration that containerd does not understand',
    plant: {
      script: `${file('/etc/containerd/config.toml', ['version = 2', '[plugins', 'broken on purpose'])}
        systemctl restart containerd || true`,
    },
    scenario: 'host.containerd',
    expect: { component: 'container-stack', class: 'containerd-start' },
    why: 'containerd refuses the file that its own package puts there.',
  },
  {
    id: 'containerd-masked',
    title: 'a containerd that is stopped and masked',
    plant: { script: 'systemctl mask --now containerd' },
    scenario: 'host.containerd',
    expect: { component: 'container-stack', class: 'containerd-start' },
    why: 'systemd never started it, by the state of its own unit.',
  },
  {
    id: 'runc-missing',
    title: 'a machine without runc',
    plant: { script: `mv ${runc} /root/` },
    scenario: 'control.runc',
    expect: { component: 'container-stack', class: 'control-container' },
    why: "A container without a VM needs nothing of Kata's or of QEMU's.",
  },
  {
    id: 'runc-broken',
    title: 'a runc that fails',
    plant: { script: replaced(runc, ["echo 'broken on purpose' >&2", 'exit 1']) },
    scenario: 'control.runc',
    expect: { component: 'container-stack', class: 'control-container' },
    why: 'containerd calls it and hands on what it says.',
  },
  {
    id: 'shim-missing',
    title: "a containerd without runc's shim",
    plant: { script: 'mv "$(command -v containerd-shim-runc-v2)" /root/' },
    scenario: 'control.runc',
    expect: { component: 'container-stack', class: 'control-container' },
    why: "The shim is a part of the distro's containerd.",
  },
];
