import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBound } from '../../host/bound-child.ts';

/**
 * A guest of nine bytes behind the BIOS: it writes 0x10 to the port of QEMU's isa-debug-exit, and QEMU ends with
 * 2 * 0x10 + 1. mov al, 0x10; mov dx, 0xf4; out dx, al; hlt; jmp back.
 */
export function bootSector(): Buffer {
  const sector = Buffer.alloc(512);
  Buffer.from([0xb0, 0x10, 0xba, 0xf4, 0x00, 0xee, 0xf4, 0xeb, 0xfd]).copy(sector);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

/** QEMU's exit status where the guest came up. */
export const doneStatus = 0x21;

export function trialArguments(sector: string, accelerator: 'kvm' | 'tcg'): readonly string[] {
  return [
    ...[
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
      '-m',
      '16',
      '-accel',
      accelerator,
    ],
    ...['-drive', `file=${sector},format=raw,if=none,id=sector`, '-device', 'ide-hd,drive=sector'],
    ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
  ];
}

/** The least that KVM is waited for: hardware takes a tenth of it. */
const leastMs = 3_000;

/**
 * Undefined where this host's KVM brings a guest up, and sooner than emulation does by far; else why not, in words. That
 * it opens proves nothing: a software KVM answers every ioctl, and is slower than emulation by orders of magnitude.
 */
export async function kvmTrial(
  qemu: string,
  scratch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const sector = join(scratch, 'boot-sector');
  await writeFile(sector, bootSector());
  const run = async (accelerator: 'kvm' | 'tcg', limit: number) => {
    const started = performance.now();
    const { code, output } = await runBound([qemu, ...trialArguments(sector, accelerator)], {
      signal,
      limit,
    });
    return { ms: Math.round(performance.now() - started), isDone: code === doneStatus, output };
  };

  const emulated = await run('tcg', 60_000);
  if (!emulated.isDone) {
    return `this host has no QEMU that works to try it by: ${lastOf(emulated.output)}`;
  }
  const limit = Math.max(leastMs, 4 * emulated.ms);
  const hardware = await run('kvm', limit);
  if (hardware.isDone) {
    return undefined;
  }
  const said = hardware.ms >= limit ? ` within ${limit} ms` : `: ${lastOf(hardware.output)}`;
  return `it is there, but no guest came up under it${said}`;
}

const lastOf = (output: string) => output.trim().slice(-200) || 'it says nothing';
