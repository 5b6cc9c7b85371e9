import type { Row } from './failure-class.ts';
import {
  guestSwap,
  lackingProgram,
  lacksModule,
  otherProgram,
  ours,
  virtiofsdSwap,
  vmmAge,
  vmmAlone,
  vmmLacks,
} from './points.ts';
import { printed, scenario } from './words.ts';

/** How katafarm's own scenarios on a VMM, virtiofsd or guest kernel alone fail. */
export const vmmAloneClasses: readonly Row[] = [
  {
    id: 'wrong-virtiofsd',
    title: "the virtiofsd that ran is not the distro's",
    ...otherProgram,
    words: [scenario('vmm/qemu.boot.ts', /what ran is .*, and not the distro's/, 'vmm.virtiofs*')],
  },
  {
    id: 'wrong-vmm',
    title: "the VMM that ran is not the distro's",
    ...otherProgram,
    words: [scenario('vmm/qemu.boot.ts', /what ran is .*, and not the distro's/)],
  },
  {
    id: 'kvm-unused',
    title: 'QEMU runs without KVM',
    ...guestSwap,
    words: [scenario('vmm/qemu.boot.ts', /QEMU (?:says that it does not use|does not have) KVM/)],
  },
  {
    id: 'guest-silent',
    title: 'the guest is not heard',
    ...guestSwap,
    words: [scenario('vmm/qemu.boot.ts', /the token (?:did not come|came) over the serial line/)],
  },
  {
    id: 'guest-kernel-config',
    title: "the distro's kernel lacks what a guest needs",
    ...lacksModule,
    words: [scenario('parts/nested.sh', /the distro's kernel has no \S+: a guest cannot use it/, 'vmm.*')],
  },
  { class: 'guest-panic', ...scenario('parts/nested.sh', /the nested guest's kernel panicked/, 'vmm.*') },
  {
    id: 'vmm-silent',
    title: 'the VMM does not answer',
    ...vmmAlone,
    words: [
      scenario(
        'parts/nested.sh',
        /did not answer(?: \S+)? over QMP|did not say its version over QMP/,
        'vmm.*',
      ),
    ],
  },
  {
    class: 'guest-kernel-config',
    ...scenario('vmm/guest-kernel-config.ts', /unusable as a guest's, as these are off/),
  },
  {
    class: 'qemu-device-missing',
    ...scenario(
      'vmm/qemu.probe.ts',
      /lacks what Kata needs: .*\b(?:device|object|machine|accelerator) [\w-]+/,
    ),
  },
  {
    class: 'qemu-property',
    ...scenario('vmm/qemu.probe.ts', /lacks what Kata needs: .*memory-backend-file's /),
  },
  { class: 'qemu-no-io-uring', ...scenario('vmm/qemu.probe.ts', /lacks what Kata needs: .*aio\.io_uring/) },
  {
    id: 'qemu-built-without',
    title: 'QEMU was built without what Kata asks for',
    ...vmmLacks,
    words: [scenario('vmm/qemu.probe.ts', /lacks what Kata needs: .*(?:aio\.native|sandbox)/)],
  },
  {
    id: 'vmm-options',
    title: 'the VMM lacks an option that Kata uses',
    ...vmmAge,
    words: [scenario('vmm/clh.probe.ts', /(?:cloud-hypervisor|Firecracker) has no option/)],
  },
  {
    id: 'not-executable',
    title: 'a program may not be executed',
    ...lackingProgram,
    words: [printed('dash src/exec.c', /ended with status 126 .*: Permission denied/)],
  },
  { class: 'loader', ...printed('dash src/exec.c', /ended with status 127 .*: not found/) },
  {
    id: 'virtiofsd-generation',
    title: "virtiofsd is the C program of old, whose arguments are not those of Kata's",
    blame: 'distro-virtiofsd',
    takes: "virtiofsd's own words",
    swaps: ['virtiofsd'],
    words: [
      printed(
        'katafarm scenarios/parts/virtiofsd.sh',
        /ended with status \d+ on Kata's arguments: [\s\S]*\bfuse: /,
      ),
    ],
  },
  {
    class: 'virtiofsd-arguments',
    ...printed(
      'katafarm scenarios/parts/virtiofsd.sh',
      /ended with status \d+ on Kata's arguments: [\s\S]*(?:unrecognized|unexpected argument|Found argument|unknown option|invalid option)/,
    ),
  },
  {
    class: 'virtiofsd-kernel',
    ...printed('katafarm scenarios/parts/virtiofsd.sh', /on Kata's arguments: [\s\S]*(?:InitSeccomp|statx)/),
  },
  {
    id: 'virtiofsd-rights',
    title: 'virtiofsd takes rights that its machine was not given',
    ...ours,
    words: [
      printed(
        'virtiofsd src/main.rs',
        /virtiofsd.*can't apply the child capabilities: failed to sync capabilities with the kernel/s,
      ),
    ],
  },
  {
    class: 'virtiofsd-start',
    ...printed(
      'katafarm scenarios/parts/virtiofsd.sh',
      /virtiofsd ended with status \d+ on Kata's arguments/,
    ),
  },
  {
    id: 'virtiofs-share',
    title: 'a folder shared by virtiofsd is not what it is',
    ...virtiofsdSwap,
    words: [
      scenario(
        'vmm/virtiofs.mount.ts',
        /the nested guest (?:wrote no file|could not mount|wrote \S+, and)|what the nested guest read is/,
      ),
    ],
  },
];
