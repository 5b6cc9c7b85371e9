import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { HostFacts } from '../domain/entry.ts';

/** What a result may depend on of the computer that the farm runs on. No name, no address. */
export async function hostFacts(): Promise<HostFacts> {
  const said = await promisify(execFile)('qemu-system-x86_64', ['--version']).catch(() => undefined);
  const qemu = said?.stdout.match(/version (.+)/)?.[1] ?? 'none';
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.floor(totalmem() / 2 ** 20),
    kernel: release(),
    qemu,
  };
}

/**
 * Memory that new processes may take, in MiB: what the kernel says is available, caches included, or what the limit
 * of a container around us leaves (`ours`, in bytes), whichever is less.
 */
export function availableMiB(ours: () => number = () => process.availableMemory()): number {
  const kilobytes = meminfo().match(/^MemAvailable:\s+(\d+) kB/m)?.[1];
  const host = kilobytes ? Number(kilobytes) / 1024 : freemem() / 2 ** 20;
  return Math.floor(Math.min(host, ours() / 2 ** 20));
}

function meminfo(): string {
  try {
    return readFileSync('/proc/meminfo', 'utf8');
  } catch {
    return '';
  }
}
