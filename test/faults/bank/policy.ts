import type { Fault } from '../fault.ts';
import { profile, qemu, replaced, virtiofsd } from '../plant.ts';

/** All but what a rule then denies. */
const anything = [
  ...['capability', 'network', 'mount', 'umount', 'pivot_root', 'signal', 'ptrace', 'unix', 'dbus', 'userns'],
  ...['io_uring', 'mqueue', '/ r', '/** rwlkmix'],
];

/** Mandatory access control. */
export const policyFaults: readonly Fault[] = [
  {
    id: 'apparmor-denies-virtiofsd',
    title: 'an AppArmor profile that denies virtiofsd its namespaces',
    plant: {
      script: profile('virtiofsd', virtiofsd, [
        ...anything,
        'audit deny capability sys_admin',
        'audit deny mount',
      ]),
    },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-policy', class: 'virtiofsd-start' },
    why: 'virtiofsd is whole: with the profile out of force it starts.',
  },
  {
    id: 'apparmor-denies-kvm',
    title: 'an AppArmor profile that denies QEMU /dev/kvm',
    plant: { script: profile('planted-qemu', qemu, [...anything, 'audit deny /dev/kvm rwlkm']) },
    scenario: 'vmm.qemu.qmp',
    expect: { component: 'distro-policy', class: 'apparmor' },
    why: `"Permission denied" on a node whose mode lets root in, while the kernel's log has the denial.`,
  },
  {
    id: 'apparmor-only-complains',
    title: 'a virtiofsd that is broken, under a profile that only complains',
    plant: {
      script: `${replaced(virtiofsd, ["cat /etc/hostname >/dev/null; echo 'broken on purpose' >&2", 'exit 3'])}
        ${profile('virtiofsd', virtiofsd, ['/usr/bin/dash mr'], 'flags=(complain) ')}`,
    },
    scenario: 'vmm.virtiofsd.start',
    expect: { component: 'distro-virtiofsd', class: 'virtiofsd-start' },
    why: 'Lines of a profile that is not enforced have denied nobody anything.',
  },
];
