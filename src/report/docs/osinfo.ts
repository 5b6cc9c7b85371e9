import { stringify } from 'yaml';
import { machineNames } from '../../domain/arch.ts';
import { isPackaged, type PartClaim } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import type { ReleaseSupport } from '../../domain/matrix.ts';
import type { Part } from '../../domain/stack.ts';
import { printed } from '../../domain/support.ts';
import type { Artifact } from '../report.ts';
import { type Build, buildsOf } from './builds.ts';
import type { Docs } from './docs.ts';

/** The version of the files' own keys, `apiVersion` in them. */
export const osinfoVersion = 'v1';

const vmms = ['qemu', 'cloud-hypervisor', 'firecracker'] as const satisfies readonly Part[];

/**
 * One file a release, with the keys of the 2020 proposal (`apiVersion`, `distro`, `version`, `package-installer`, `arch`,
 * `vmm`, `fs`), what was tested beside them, and what else it takes to make a machine of it: the farm itself reads them
 * (`--no-bundled --distros reports/osinfo`). With a JSON Schema and an index.
 */
export function osinfoFiles({ distros, matrix, osinfoSchema }: Docs): readonly Artifact[] {
  const tested = new Map(matrix.releases.map((one) => [one.distro.id, one]));
  const files = distros.map((distro) => ({
    path: `osinfo/${distro.id}.yaml`,
    text: `# yaml-language-server: $schema=./osinfo.schema.json\n${stringify(osinfoOf(distro, tested.get(distro.id), buildsOf(distro, matrix)), { lineWidth: 0, aliasDuplicateObjects: false })}`,
  }));
  const index = distros.map((distro) => {
    const { distro: name, version, arch } = named(distro);
    const word = tested.get(distro.id);
    return {
      file: `${distro.id}.yaml`,
      ...{ id: distro.id, distro: name, version, arch },
      word: word ? printed(word.headline) : 'unknown',
    };
  });
  return [
    ...files,
    {
      path: 'osinfo/index.json',
      text: `${JSON.stringify({ apiVersion: osinfoVersion, asOf: matrix.asOf, releases: index }, null, 2)}\n`,
    },
    { path: 'osinfo/osinfo.schema.json', text: osinfoSchema },
  ];
}

function osinfoOf(distro: Distro, tested: ReleaseSupport | undefined, builds: readonly Build[]): object {
  const { title, family, lifecycle, packageManager, lsm, parts, images, tracker, ships, notes } = distro;
  const { rolling, ...dates } = lifecycle;
  const packaged = vmms.flatMap((part) => vmmOf(part, parts[part]));
  const virtiofs = parts.virtiofsd;

  return {
    apiVersion: osinfoVersion,
    ...named(distro),
    'package-installer': packageManager,
    ...(packaged[0] && { vmm: packaged[0] }),
    vmms: packaged,
    fs: isPackaged(virtiofs) ? [{ name: 'virtio-fs', path: virtiofs.path }] : [],
    title,
    family,
    lsm,
    lifecycle: { ...(rolling && { rolling }), ...dates },
    parts: Object.fromEntries(Object.entries(parts).map(([part, claim]) => [part, writtenClaim(claim)])),
    toolchain: distro.toolchain,
    images: writtenImages(images),
    ...(distro.repositories && { repositories: distro.repositories }),
    ...(ships && { ships: written(ships, { lastActivity: 'last-activity' }) }),
    ...(tracker && { tracker }),
    notes,
    tested: { ...testedOf(tested), ...(builds.length > 0 && { builds: builds.map(writtenBuild) }) },
  };
}

/** `debian-13@arm64` is `debian`, `13`, `aarch64`. */
function named({ id, arch }: Distro): {
  readonly distro: string;
  readonly version: readonly string[];
  readonly arch: string;
} {
  const [release = ''] = id.split('@');
  const dash = release.lastIndexOf('-');
  return { distro: release.slice(0, dash), version: [release.slice(dash + 1)], arch: machineNames[arch] };
}

function vmmOf(part: Part, claim: PartClaim): readonly object[] {
  return isPackaged(claim) ? [{ name: part, packages: claim.package, path: claim.path }] : [];
}

/** A claim with the keys of the catalogue's files. */
function writtenClaim(claim: PartClaim): object {
  return written(claim, { notPackaged: 'not-packaged' });
}

function writtenImages({ qemu, cloud, ...others }: Distro['images']): object {
  const renamed = { emulateWithout: 'emulate-without' };
  return {
    ...(qemu && { qemu: written(qemu, renamed) }),
    ...(cloud && { cloud: written(cloud, renamed) }),
    ...others,
  };
}

function written(value: object, renamed: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [renamed[key] ?? key, one]));
}

/** What was built there by the distro's own toolchain, its commands as they ran. */
function writtenBuild({ came, ...build }: Build): object {
  return { ...build, builds: 'commands' in came, ...came };
}

function testedOf(support: ReleaseSupport | undefined): object {
  if (!support) {
    return { word: 'unknown', because: 'no published run has tried it' };
  }
  const { headline, stacks, versions } = support;
  return {
    word: printed(headline),
    ...(headline.newest && { newest: headline.newest }),
    ...(headline.basis && { basis: headline.basis }),
    stacks: Object.fromEntries(
      stacks.map((one) => [
        one.stack,
        {
          word: printed(one),
          reason: one.reason,
          ...(one.cell && { cell: one.cell }),
          ...(one.newest && { newest: one.newest }),
        },
      ]),
    ),
    versions,
  };
}
