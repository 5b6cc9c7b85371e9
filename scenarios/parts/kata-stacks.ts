import type { StackId } from '../../src/domain/stack.ts';

/** The stacks whose VMM is the distro's: those that a scenario beyond the first sandbox is about. */
export const distroStacks = [
  'qemu',
  'qemu+distro-kernel',
  'clh',
  'clh+distro-kernel',
  'firecracker',
] as const satisfies readonly StackId[];
