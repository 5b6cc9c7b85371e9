import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '../../../domain/arch.ts';
import { UserError } from '../../../errors.ts';
import { isThere } from '../../../host/lock.ts';

/** A UEFI of this host: its program, and what an empty store of its variables looks like. */
export interface Uefi {
  readonly code: FirmwareFile;
  readonly vars: FirmwareFile;
}

export interface FirmwareFile {
  readonly path: string;
  readonly format: 'raw' | 'qcow2';
}

/** QEMU's firmware descriptors (docs/interop/firmware.json), as far as they are read. */
interface Descriptor {
  readonly 'interface-types'?: readonly string[];
  readonly mapping?: {
    readonly device?: string;
    readonly executable?: { readonly filename: string; readonly format: string };
    readonly 'nvram-template'?: { readonly filename: string; readonly format: string };
  };
  readonly targets?: readonly { readonly architecture: string; readonly machines: readonly string[] }[];
  readonly features?: readonly string[];
}

/** As administrators and distros have them; of two with one name, the first counts. */
const folders = ['/etc/qemu/firmware', '/usr/local/share/qemu/firmware', '/usr/share/qemu/firmware'];

/** As descriptors name an architecture, and its machines. */
const targets: Readonly<Record<Arch, readonly [architecture: string, machine: RegExp]>> = {
  amd64: ['x86_64', /^pc-q35/],
  arm64: ['aarch64', /^virt/],
};

/** Where firmware is on hosts whose packages describe none: QEMU's own, Arch's, openSUSE's. */
const places: Readonly<Record<Arch, readonly (readonly [code: string, vars: string])[]>> = {
  amd64: [
    ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'],
    ['/usr/share/OVMF/OVMF_CODE.fd', '/usr/share/OVMF/OVMF_VARS.fd'],
    ['/usr/share/edk2/ovmf/OVMF_CODE.fd', '/usr/share/edk2/ovmf/OVMF_VARS.fd'],
    ['/usr/share/edk2/x64/OVMF_CODE.4m.fd', '/usr/share/edk2/x64/OVMF_VARS.4m.fd'],
    ['/usr/share/qemu/ovmf-x86_64-code.bin', '/usr/share/qemu/ovmf-x86_64-vars.bin'],
    ['/usr/share/qemu/edk2-x86_64-code.fd', '/usr/share/qemu/edk2-i386-vars.fd'],
  ],
  arm64: [
    ['/usr/share/AAVMF/AAVMF_CODE.fd', '/usr/share/AAVMF/AAVMF_VARS.fd'],
    ['/usr/share/qemu/edk2-aarch64-code.fd', '/usr/share/qemu/edk2-arm-vars.fd'],
  ],
};

/** This host's UEFI without Secure Boot, whose keys no machine has. Throws a UserError (exit 3) where there is none. */
export async function findUefi(arch: Arch, where: readonly string[] = folders): Promise<Uefi> {
  const described = (await descriptors(where)).flatMap((one) => uefiOf(one, arch) ?? []);
  const known = places[arch].map(([code, vars]): Uefi => ({ code: raw(code), vars: raw(vars) }));
  for (const uefi of [...described, ...known]) {
    if ((await isThere(uefi.code.path)) && (await isThere(uefi.vars.path))) {
      return uefi;
    }
  }
  throw new UserError(
    `cannot boot a machine by UEFI: this host has no firmware for ${targets[arch][0]}; katafarm doctor says how to get it (Debian: ovmf)`,
    { exitCode: 3 },
  );
}

/** What a descriptor tells of, if it is of use here. Pure. */
export function uefiOf(
  { 'interface-types': kinds = [], mapping, targets: fits = [], features = [] }: Descriptor,
  arch: Arch,
): Uefi | undefined {
  const [architecture, machine] = targets[arch];
  const isOurs = fits.some(
    (target) => target.architecture === architecture && target.machines.some((name) => machine.test(name)),
  );
  const needsMore = features.some((feature) => feature === 'requires-smm' || feature === 'secure-boot');
  const { device, executable, 'nvram-template': template } = mapping ?? {};
  if (!isOurs || needsMore || !kinds.includes('uefi') || device !== 'flash' || !executable || !template) {
    return undefined;
  }
  return { code: fileOf(executable), vars: fileOf(template) };
}

function fileOf({ filename: path, format }: { readonly filename: string; readonly format: string }) {
  return { path, format: format === 'qcow2' ? ('qcow2' as const) : ('raw' as const) };
}

const raw = (path: string): FirmwareFile => ({ path, format: 'raw' });

async function descriptors(where: readonly string[]): Promise<readonly Descriptor[]> {
  const found = new Map<string, string>();
  for (const folder of where) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.endsWith('.json') && !found.has(name)) {
        found.set(name, join(folder, name));
      }
    }
  }
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(sorted.map(([, path]) => readDescriptor(path)));
}

/** One that is empty masks another of its name; one that can't be read is nobody's. */
async function readDescriptor(path: string): Promise<Descriptor> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Descriptor;
  } catch {
    return {};
  }
}
