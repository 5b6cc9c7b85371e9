import { type FailurePattern, printedBy } from './pattern.ts';

/** The words of katafarm's own scenarios on a VMM, virtiofsd or guest kernel alone. */
export const vmmPatterns: readonly FailurePattern[] = [
  ...printedBy('katafarm scenarios/vmm/qemu.boot.ts', [
    { class: 'wrong-virtiofsd', match: /what ran is .*, and not the distro's/, cells: 'vmm.virtiofs*' },
    { class: 'wrong-vmm', match: /what ran is .*, and not the distro's/, cells: 'vmm.*' },
    { class: 'kvm-unused', match: /QEMU (?:says that it does not use|does not have) KVM/, cells: 'vmm.*' },
    { class: 'guest-silent', match: /the token (?:did not come|came) over the serial line/, cells: 'vmm.*' },
  ]),
  ...printedBy('katafarm scenarios/parts/nested.sh', [
    {
      class: 'guest-kernel-config',
      match: /the distro's kernel has no \S+: a guest cannot use it/,
      cells: 'vmm.*',
    },
    { class: 'guest-panic', match: /the nested guest's kernel panicked/, cells: 'vmm.*' },
    {
      class: 'vmm-silent',
      match: /did not answer(?: \S+)? over QMP|did not say its version over QMP/,
      cells: 'vmm.*',
    },
  ]),
  ...printedBy('katafarm scenarios/vmm/guest-kernel-config.ts', [
    { class: 'guest-kernel-config', match: /unusable as a guest's, as these are off/, cells: 'vmm.*' },
  ]),
  ...printedBy('katafarm scenarios/vmm/qemu.probe.ts', [
    {
      class: 'qemu-device-missing',
      match: /lacks what Kata needs: .*\b(?:device|object|machine|accelerator) [\w-]+/,
      cells: 'vmm.*',
    },
    { class: 'qemu-property', match: /lacks what Kata needs: .*memory-backend-file's /, cells: 'vmm.*' },
    { class: 'qemu-no-io-uring', match: /lacks what Kata needs: .*aio\.io_uring/, cells: 'vmm.*' },
    {
      class: 'qemu-built-without',
      match: /lacks what Kata needs: .*(?:aio\.native|sandbox)/,
      cells: 'vmm.*',
    },
  ]),
  ...printedBy('katafarm scenarios/vmm/clh.probe.ts', [
    { class: 'vmm-options', match: /(?:cloud-hypervisor|Firecracker) has no option/, cells: 'vmm.*' },
  ]),
  ...printedBy('dash src/exec.c', [
    { class: 'not-executable', match: /ended with status 126 .*: Permission denied/ },
    { class: 'loader', match: /ended with status 127 .*: not found/ },
  ]),
  ...printedBy('katafarm scenarios/parts/virtiofsd.sh', [
    { class: 'virtiofsd-generation', match: /ended with status \d+ on Kata's arguments: [\s\S]*\bfuse: / },
    {
      class: 'virtiofsd-arguments',
      match:
        /ended with status \d+ on Kata's arguments: [\s\S]*(?:unrecognized|unexpected argument|Found argument|unknown option|invalid option)/,
    },
    { class: 'virtiofsd-kernel', match: /on Kata's arguments: [\s\S]*(?:InitSeccomp|statx)/ },
    { class: 'virtiofsd-start', match: /virtiofsd ended with status \d+ on Kata's arguments/ },
  ]),
  ...printedBy('katafarm scenarios/vmm/virtiofs.mount.ts', [
    {
      class: 'virtiofs-share',
      match:
        /the nested guest (?:wrote no file|could not mount|wrote \S+, and)|what the nested guest read is/,
      cells: 'vmm.*',
    },
  ]),
];

/** What is left of a VMM's end once nothing closer was found in its words. */
export const lastVmmPatterns: readonly FailurePattern[] = [
  ...printedBy('katafarm scenarios/vmm/qemu.kata-cmdline.ts', [
    { class: 'vmm-refuses', match: /refuses what Kata asks of it/, cells: 'vmm.*' },
  ]),
  ...printedBy('katafarm scenarios/parts/nested.sh', [
    {
      class: 'vmm-exited',
      match:
        /(?:QEMU|qemu|clh|cloud-hypervisor|Firecracker|the VMM) ended with status|does not say its version/,
      cells: 'vmm.*',
    },
  ]),
];
