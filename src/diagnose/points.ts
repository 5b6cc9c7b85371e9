import type { FailureClass } from './failure-class.ts';

/** What many rows say alike: whom a class points to, what that takes, and what may be swapped to learn more. */
type Points = Pick<FailureClass, 'blame' | 'takes' | 'swaps'>;

const points = (blame: Points['blame'], takes: string, swaps: Points['swaps']): Points => ({
  blame,
  takes,
  swaps,
});

export const lacksModule = points('distro-kernel', "the module is not in the kernel's packages", []);
export const setByDistro = points('distro-host', 'the setting itself was read', []);
export const redProbe = points('unknown', 'a probe of the machine that was found red', []);
export const containerStack = {
  ...points('container-stack', 'containers without a VM fail on a sound machine', ['engine', 'lsm']),
  symptom: true,
} as const;
export const packagers = points('distro-packaging', "the package manager's own words", []);
export const lackingProgram = points(
  'distro-packaging',
  'what an installed program lacks, in the words of who looked for it',
  ['lsm'],
);
export const somebodyLooks = points('unknown', 'somebody has to look', []);
export const outside = points('infra', 'words of what is outside of the machine', []);
export const otherProgram = points('other-program', 'the path that leads to it', []);
export const ours = points('farm', 'what the farm sized, set or put there', []);
export const vmmLacks = points(
  'vmm-lacks',
  "the VMM's own words, and a VMM that is no newer than Kata's own",
  ['vmm'],
);
export const vmmAge = points(
  'vmm-age',
  "which of the two is older: the distro's VMM or the one that Kata ships",
  ['vmm'],
);
export const vmmAlone = {
  ...points('vmm-alone', 'the VMM fails alone as well, or a swap of it', 'all'),
  symptom: true,
} as const;
export const virtiofsdAlone = points(
  'virtiofsd-alone',
  'virtiofsd fails alone as well, or a swap of it',
  'all',
);
export const virtiofsdSwap = points('unknown', 'a swap', ['virtiofsd', 'vmm', 'lsm']);
export const guestKernel = points(
  'guest-kernel',
  "a symbol that is off, or a swap of the guest's kernel",
  'all',
);
export const guestSwap = points('unknown', 'a swap', ['vmm', 'firmware', 'guest-kernel', 'lsm']);
export const symptom = { ...points('unknown', 'a swap', 'all'), symptom: true } as const;
export const anySwap = points('unknown', 'a swap', 'all');
export const logsOfKata = points('unknown', 'a swap', ['engine', 'kata']);
export const policy = points('unknown', 'enforcing red, permissive green, enforcing red again', ['lsm']);
export const program = points('program', 'a swap of what it belongs to', [
  'vmm',
  'virtiofsd',
  'engine',
  'kata',
]);
