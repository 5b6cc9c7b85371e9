import { readFile } from 'node:fs/promises';
import type { Arch } from '../../domain/arch.ts';
import { runBound } from '../../host/bound-child.ts';
import { cpio } from '../../machine/cpio.ts';
import { boards } from './arch.ts';

export interface MicroGuest {
  readonly qemu: string;
  /** Missing: amd64. */
  readonly arch?: Arch;
  /** Stands in the process list. */
  readonly name: string;
  readonly accelerator: 'kvm' | 'tcg';
  readonly kernel: string;
  readonly initrd: string;
  readonly signal: AbortSignal;
  /** Milliseconds after which it is killed. */
  readonly limit: number;
}

/**
 * An initramfs whose init is this script, with a static busybox at /bin/busybox for everything else. /proc and /sys
 * are there, and not mounted.
 */
export async function microInitrd(busybox: string, script: string): Promise<Buffer> {
  const folder = (path: string) => ({ path, mode: 0o40755 });
  return cpio([
    ...['bin', 'dev', 'proc', 'sys', 'tmp'].map(folder),
    { path: 'dev/console', mode: 0o20600, device: [5, 1] },
    { path: 'bin/busybox', mode: 0o100755, data: await readFile(busybox) },
    {
      path: 'init',
      mode: 0o100755,
      data: Buffer.from(`#!/bin/busybox sh\n${script}\n/bin/busybox poweroff -f\n`),
    },
  ]);
}

/** Boots a kernel with an initramfs until it powers off; resolves with what came over its serial line. */
export async function runMicroGuest(guest: MicroGuest): Promise<string> {
  const { cpu, machine, options, console } = boards[guest.arch ?? 'amd64'];
  const argv = [
    ...[guest.qemu, '-name', guest.name, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...[
      '-accel',
      guest.accelerator,
      '-cpu',
      cpu[guest.accelerator],
      '-machine',
      `${machine}${options[guest.accelerator]}`,
      '-m',
      '256',
      '-serial',
      'stdio',
    ],
    ...['-kernel', guest.kernel, '-initrd', guest.initrd, '-append', `console=${console} panic=-1 quiet`],
  ];
  const { output } = await runBound(argv, guest);
  return output.replaceAll('\r', '');
}
