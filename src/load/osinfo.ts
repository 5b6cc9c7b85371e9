import { z } from 'zod';
import { type Arch, archOfMachine, archs, machineNames } from '../domain/arch.ts';
import type { Distro, DistroId } from '../domain/distro.ts';
import { DistroFile, distroOf } from './distro-schema.ts';
import { mapping } from './inherit.ts';
import { parseYaml } from './parse-yaml.ts';
import { line } from './words.ts';

const vmm = z.strictObject({
  name: line('qemu'),
  packages: line('the package that owns the binary'),
  path: line("the binary's path"),
});

const { parts, lifecycle, toolchain, images, repositories, ships, tracker, notes, lsm, family } =
  DistroFile.shape;

/** A published release: the keys of the 2020 proposal, what was tested, and what it takes to make a machine of it. */
const OsinfoFile = z
  .strictObject({
    apiVersion: z.literal('v1'),
    distro: line('the distribution: debian'),
    version: z.array(z.string()).min(1),
    arch: z.enum(archs.map((arch) => machineNames[arch])),
    'package-installer': DistroFile.shape['package-manager'],
    vmm: vmm.optional().describe('its first VMM; missing where it packages none'),
    vmms: z.array(vmm),
    fs: z.array(z.strictObject({ name: line('virtio-fs'), path: line("the daemon's path") })),
    title: line('as people call it'),
    ...{ family, lsm, lifecycle, parts, toolchain, images, repositories, ships, tracker, notes },
    tested: z
      .looseObject({ word: line('what is published of it') })
      .describe('what machines showed; nothing of it is read back'),
  })
  .meta({ title: 'A release of a distribution, as katafarm publishes it' });

/** The schema of the published files, as text. */
export function osinfoJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(OsinfoFile, { io: 'input' }), null, 2)}\n`;
}

/** Whether a file is a published release, and not one of the catalogue's. */
export function isOsinfo(text: string): boolean {
  return /^apiVersion:/m.test(text);
}

/** The release that a published file tells of, on the architecture that it names, or what is wrong with it. */
export function osinfoDistro(
  file: string,
  id: DistroId,
  text: string,
): { readonly value: Distro } | { readonly complaints: readonly string[] } {
  const published = parseYaml(file, text, OsinfoFile);
  if ('complaints' in published) {
    return published;
  }
  const arch = archOfMachine(published.value.arch) ?? 'amd64';
  const parsed = parseYaml(file, text, DistroFile, { whole: (input) => catalogued(input, arch) });
  return 'complaints' in parsed ? parsed : { value: distroOf(id, parsed.value, arch) };
}

/** Its keys as the catalogue has them. */
function catalogued(input: unknown, arch: Arch): unknown {
  const {
    apiVersion: _version,
    distro: _distro,
    version: _versions,
    arch: _arch,
    vmm: _vmm,
    vmms: _vmms,
    fs: _fs,
    tested: _tested,
    'package-installer': manager,
    ...rest
  } = mapping(input);
  return { ...rest, architectures: [arch], 'package-manager': manager };
}
