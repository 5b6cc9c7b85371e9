import { alike, type Row } from './failure-class.ts';
import {
  anySwap,
  logsOfKata,
  ours,
  policy,
  redProbe,
  setByDistro,
  somebodyLooks,
  virtiofsdAlone,
  vmmAge,
  vmmAlone,
} from './points.ts';

/** Classes without words of their own: who makes the failure names them. */
export const namedClasses: readonly Row[] = [
  {
    id: 'mount-private',
    title: 'mounts are private, so that no namespace sees those of another',
    ...setByDistro,
  },
  { id: 'machine-panic', title: "the machine's kernel panicked", ...redProbe },
  ...alike(ours, [
    ['slow', "one of Kata's fixed limits is too short for this machine"],
    ['trouble', "the farm's own trouble"],
  ]),
  ...alike(vmmAge, [
    ['qemu-property-old', "QEMU is too old for the syntax of Kata's command line"],
    ['qemu-syntax-new', 'QEMU has dropped a syntax that Kata still uses'],
  ]),
  ...alike(vmmAlone, [
    ['qemu-exited', 'QEMU ended while something waited for it'],
    ['cloud-hypervisor-exited', 'cloud-hypervisor ended while something waited for it'],
    ['firecracker-exited', 'Firecracker ended while something waited for it'],
  ]),
  { id: 'virtiofsd-exited', title: 'virtiofsd ended while something waited for it', ...virtiofsdAlone },
  ...alike(anySwap, [
    ['guest-kernel-same', 'the container is in no VM'],
    ['lifecycle', 'a container does not live as one without a VM'],
    ['resources', 'a container does not get what it is allowed'],
    ['net-damage', "a container's network is damaged"],
    ['block-device', "a container's device is not the machine's"],
    ['signal-refused', 'a signal does not reach a container'],
    ['resume-refused', 'a paused container does not go on'],
    ['leftover-state', 'something is left of a container'],
    ['vmm-death-unnoticed', 'nobody notices that a VMM died'],
    ['upgrade', "a container does not outlive its VMM's upgrade"],
    ['mapping-differs', 'something is otherwise in a VM than without one'],
  ]),
  ...alike(logsOfKata, [
    ['negative-control', 'Kata takes another VMM than the one it is told'],
    ['log-silent', 'the journal has no word of Kata'],
    ['log-error', 'there are errors in the logs of a green run'],
  ]),
  { id: 'policy-denial', title: 'the security module denied something in a green run', ...policy },
  ...alike(somebodyLooks, [
    ['toolchain-too-old', "the distro's own toolchain is older than what is built takes"],
    ['does-not-build', "what is built does not come of the distro's own toolchain"],
    ['built-lacks', 'what was built lacks what Kata asks of it'],
  ]),
  { id: 'hang', title: 'a step never ends on a machine that is as quick as ever', ...somebodyLooks },
];
