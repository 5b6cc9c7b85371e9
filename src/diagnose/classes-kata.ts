import { alike, type FailureClass } from './failure-class.ts';

/** How containers of Kata fail. Who is at fault is told by swaps alone. */
export const kataClasses: readonly FailureClass[] = [
  ...alike({ blame: 'unknown', takes: 'a swap', swaps: 'all', symptom: true }, [
    ['agent-timeout', "Kata's agent is not reached"],
    ['shim-panic', "Kata's shim panicked"],
    ['shim-start', "Kata's shim does not start"],
    ['qmp', 'the handshake over QMP fails'],
  ]),
  ...alike({ blame: 'unknown', takes: 'a swap', swaps: 'all' }, [
    ['guest-kernel-same', 'the container is in no VM'],
    ['lifecycle', 'a container does not live as one without a VM'],
    ['resources', 'a container does not get what it is allowed'],
    ['net-attach', "a container's network is not the one it was given"],
    ['net-damage', "a container's network is damaged"],
    ['block-device', "a container's device is not the machine's"],
    ['signal-refused', 'a signal does not reach a container'],
    ['resume-refused', 'a paused container does not go on'],
    ['leftover-state', 'something is left of a container'],
    ['vmm-death-unnoticed', 'nobody notices that a VMM died'],
    ['upgrade', "a container does not outlive its VMM's upgrade"],
    ['mapping-differs', 'something is otherwise in a VM than without one'],
  ]),
  ...alike({ blame: 'unknown', takes: 'a swap', swaps: ['engine', 'kata'] }, [
    ['negative-control', 'Kata takes another VMM than the one it is told'],
    ['log-silent', 'the journal has no word of Kata'],
    ['log-error', 'there are errors in the logs of a green run'],
  ]),
  ...alike(
    { blame: 'unknown', takes: 'enforcing red, permissive green, enforcing red again', swaps: ['lsm'] },
    [
      ['selinux-avc', 'SELinux denied it'],
      ['apparmor', 'AppArmor denied it'],
      ['policy-denial', 'the security module denied something in a green run'],
    ],
  ),
  {
    id: 'tc-missing',
    title: 'traffic can not be led between the tap device and the container',
    blame: 'unknown',
    takes: 'the probe of tc found red',
    swaps: ['kata'],
  },
  ...alike(
    {
      blame: 'program',
      takes: 'a swap of what it belongs to',
      swaps: ['vmm', 'virtiofsd', 'engine', 'kata'],
    },
    [
      ['glibc', "a program is built for another libc than the distro's"],
      ['loader', 'a program lacks its loader or a library'],
    ],
  ),
  {
    id: 'hang',
    title: 'a step never ends on a machine that is as quick as ever',
    blame: 'unknown',
    takes: 'somebody has to look',
    swaps: [],
  },
];
