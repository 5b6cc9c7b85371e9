/** One way to run a container on a distro: which VMM, whose, and with whose guest kernel. */
export type StackId =
  | 'host'
  | 'runc'
  | 'qemu'
  | 'qemu+distro-kernel'
  | 'clh'
  | 'clh+distro-kernel'
  | 'firecracker'
  | 'qemu.upstream'
  | 'clh.upstream'
  | 'dragonball';

export interface Stack {
  readonly id: StackId;
  readonly title: string;
  /** The parts that a distro has to package before this stack can be tried on it. */
  readonly parts: readonly Part[];
}

/** Something that a distro packages and a stack rests on. */
export type Part =
  | 'kernel'
  | 'qemu'
  | 'cloud-hypervisor'
  | 'firecracker'
  | 'virtiofsd'
  | 'containerd'
  | 'runc'
  /** The distro's own package of Kata. */
  | 'kata'
  | EnginePart;

/** A way to containers beside containerd alone. It is put into a clone that needs it, and into no image. */
export type EnginePart = 'docker' | 'nerdctl' | 'cri-o';

export const engineParts = ['docker', 'nerdctl', 'cri-o'] as const satisfies readonly EnginePart[];

export const parts = [
  'kernel',
  'qemu',
  'cloud-hypervisor',
  'firecracker',
  'virtiofsd',
  'containerd',
  'runc',
  'kata',
  ...engineParts,
] as const satisfies readonly Part[];

/** Every stack, in the order in which reports show them. */
export const stacks: readonly Stack[] = [
  { id: 'host', title: 'the host itself', parts: ['kernel'] },
  { id: 'runc', title: 'containers without a VM (control)', parts: ['containerd', 'runc'] },
  { id: 'qemu', title: "the distro's QEMU and virtiofsd, Kata's guest kernel", parts: ['qemu', 'virtiofsd'] },
  {
    id: 'qemu+distro-kernel',
    title: "the distro's QEMU, virtiofsd and guest kernel",
    parts: ['qemu', 'virtiofsd', 'kernel'],
  },
  {
    id: 'clh',
    title: "the distro's cloud-hypervisor and virtiofsd, Kata's guest kernel",
    parts: ['cloud-hypervisor', 'virtiofsd'],
  },
  {
    id: 'clh+distro-kernel',
    title: "the distro's cloud-hypervisor, virtiofsd and guest kernel",
    parts: ['cloud-hypervisor', 'virtiofsd', 'kernel'],
  },
  { id: 'firecracker', title: "the distro's Firecracker, Kata's guest kernel", parts: ['firecracker'] },
  { id: 'qemu.upstream', title: 'the QEMU that Kata ships', parts: [] },
  { id: 'clh.upstream', title: 'the cloud-hypervisor that Kata ships', parts: [] },
  { id: 'dragonball', title: "Kata's built-in VMM", parts: [] },
];

/** Throws a TypeError for an id that is not a stack's. */
export function stackOf(id: StackId): Stack {
  const stack = stacks.find((candidate) => candidate.id === id);
  if (!stack) {
    throw new TypeError(`there is no stack ${id}`);
  }
  return stack;
}
