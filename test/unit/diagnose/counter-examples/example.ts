import type { Finding } from '../../../../src/domain/finding.ts';
import type { Told, World } from '../cases.ts';

/** What a naive rule says, and what is so. */
export type Example = readonly [naive: string, is: Partial<Finding>, told: Told, world?: World];

export const all = ['virtiofsd', 'vmm', 'guest-kernel', 'guest-image', 'lsm', 'engine', 'kata'] as const;
export const dropped = "qemu: Expected '=' after parameter 'kernel_irqchip'";
export const c = "virtiofsd ended with status 1 on Kata's arguments: fuse: invalid argument `socket'";
export const debian12 = { facts: { 'qemu.version': '7.2.22', 'virtiofsd.version': '7.2.22' } };
