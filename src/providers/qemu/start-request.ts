import { rm } from 'node:fs/promises';
import type { MachineSpec } from './argv.ts';

/** A machine that is to be started. */
export interface StartRequest {
  readonly qemu: string;
  readonly spec: MachineSpec;
  readonly logs: string;
  /** What is removed with the machine: its overlay, its memory. */
  readonly litter: readonly string[];
  readonly announce: (argv: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Removes what a machine had to itself, once it is gone. */
export async function clean({ spec, litter }: Pick<StartRequest, 'spec' | 'litter'>): Promise<void> {
  await Promise.all([spec.sockets, ...litter].map((path) => rm(path, { recursive: true, force: true })));
}
