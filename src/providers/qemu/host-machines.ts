import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBound } from '../../host/bound-child.ts';
import { sha256Of } from './host.ts';
import type { HostMachines } from './template-key.ts';

/** What this host's machines depend on, beside their command line. */
export async function hostMachines(
  qemu: string,
  accelerator: 'kvm' | 'tcg',
  signal: AbortSignal,
  machine = 'q35',
): Promise<HostMachines> {
  const [digest, slirp, help, kvm] = await Promise.all([
    sha256Of(qemu),
    slirpOf(qemu, signal),
    runBound([qemu, '-machine', 'help'], { signal }),
    accelerator === 'kvm' ? kvmOf() : [],
  ]);
  return { qemu: digest, slirp, machineType: machineTypeOf(help.output, machine), kvm };
}

/** What `q35` or `virt` stands for, out of `-machine help`. Throws where QEMU knows no such machine. Pure. */
export function machineTypeOf(help: string, machine = 'q35'): string {
  const found = help.match(new RegExp(`^${machine}\\s.*\\(alias of (\\S+)\\)`, 'm'))?.[1];
  if (!found) {
    throw new Error(`cannot find out what machine ${machine} is: QEMU says ${help.trim().slice(0, 200)}`);
  }
  return found;
}

async function slirpOf(qemu: string, signal: AbortSignal): Promise<string> {
  const { output } = await runBound(['ldd', qemu], { signal });
  const library = output.match(/libslirp\S* => (\S+)/)?.[1];
  return library === undefined ? '' : sha256Of(library);
}

async function kvmOf(): Promise<readonly string[]> {
  const read = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).trim();
  const modules = ['kvm', 'kvm_intel', 'kvm_amd'].map((name) => `/sys/module/${name}/parameters`);
  const parameters = await Promise.all(
    modules.map(async (folder) => {
      const names = (await readdir(folder).catch(() => [])).sort();
      return Promise.all(names.map(async (name) => `${name}=${await read(join(folder, name))}`));
    }),
  );
  return [
    await read('/proc/version'),
    cpuOf(await read('/proc/cpuinfo')),
    await read('/proc/sys/kernel/random/boot_id'),
    ...parameters.flat(),
  ];
}

/** The first processor's model and microcode, out of /proc/cpuinfo. Pure. */
export function cpuOf(cpuinfo: string): string {
  const first = cpuinfo.split('\n\n')[0] ?? '';
  const lines = first
    .split('\n')
    .filter((line) => /^(vendor_id|cpu family|model|stepping|microcode)\b/.test(line));
  return lines.map((line) => line.replace(/\s*:\s*/, ': ')).join('; ');
}
