import { join } from 'node:path';
import type { Distro } from '../../domain/distro.ts';
import type { BootRequest } from '../../machine/machine.ts';
import type { Kit } from './kit.ts';

/** For the container in which a pulled image gets what it lacks. */
export function furnishing(distro: Distro, kit: Kit, signal: AbortSignal): BootRequest {
  return {
    name: `${distro.id}-image`,
    run: `image-${process.pid}`,
    batch: `${distro.id}/docker`,
    speed: { class: 'none', accelerator: 'tcg', factor: 1, because: 'nothing is measured yet' },
    memoryMiB: 2048,
    purpose: 'template',
    network: true,
    logs: join(kit.scratch, `image-${distro.id}`),
    announce: async () => {},
    signal,
  };
}
