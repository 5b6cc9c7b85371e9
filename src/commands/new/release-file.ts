import {
  compilers,
  type Distro,
  type Lifecycle,
  type PackageManagerId,
  type Toolchain,
} from '../../domain/distro.ts';
import { type Part, parts } from '../../domain/stack.ts';
import type { PartFound } from '../../install/discover/part-found.ts';

/** Everything that goes into a release's file. */
export interface NewRelease {
  readonly title: string;
  readonly family: string;
  readonly arch: Distro['arch'];
  readonly packageManager: PackageManagerId;
  readonly lsm: Distro['lsm'];
  readonly lifecycle: Lifecycle;
  readonly parts: Readonly<Record<Part, PartFound>>;
  readonly toolchain: Toolchain;
  /** The machine, in words: `a machine of fedora-44`. */
  readonly place: string;
  /** ISO date. */
  readonly day: string;
}

/** The file's text, as people write it. Every claim has its source. */
export function releaseFile(release: NewRelease): string {
  const { title, family, arch, packageManager, lsm, lifecycle, toolchain, place, day } = release;
  const found = `found on ${place}, ${day}`;
  const index = `the package index that ${packageManager} has on ${place}, ${day}`;
  const { rolling, released, eol, lts, source } = lifecycle;
  const tools = toolsText(toolchain);
  return [
    '# yaml-language-server: $schema=./distro.schema.json',
    `title: ${quoted(title)}`,
    `family: ${family}`,
    `package-manager: ${packageManager}`,
    ...(arch === 'amd64' ? [] : [`architectures: [${arch}]`]),
    `lsm: ${lsm}`,
    '',
    'lifecycle:',
    ...(rolling ? ['  rolling: true'] : []),
    ...[['released', released] as const, ['eol', eol] as const, ['lts', lts] as const].flatMap(
      ([key, day]) => (day ? [`  ${key}: ${day}`] : []),
    ),
    `  source: ${quoted(source)}`,
    '',
    'sources:',
    `  default: { source: ${quoted(found)}, trust: tested }`,
    `  index: { source: ${quoted(index)}, trust: read }`,
    '',
    'parts:',
    ...parts.map((part) => `  ${part}: ${claimText(release.parts[part], packageManager)}`),
    '',
    ...(tools === '' ? [] : [`toolchain: { ${tools} }`, '']),
    'images: {}',
    '',
    'notes:',
    `  - ${quoted(`This file was written by katafarm new distro, from ${place} on ${day}; nobody has read it against the distro's own lists.`)}`,
    '',
  ].join('\n');
}

function toolsText({ alternatives = {}, ...usual }: Toolchain): string {
  const others = compilers.flatMap((compiler) =>
    alternatives[compiler] ? [`${compiler}: [${alternatives[compiler].join(', ')}]`] : [],
  );
  const named = compilers.flatMap((compiler) => (usual[compiler] ? [`${compiler}: ${usual[compiler]}`] : []));
  return [...named, ...(others.length > 0 ? [`alternatives: { ${others.join(', ')} }`] : [])].join(', ');
}

function claimText(found: PartFound, manager: PackageManagerId): string {
  switch (found.state) {
    case 'installed':
      return `{ package: ${found.package}, path: ${quoted(found.path)}${versionText(found.version)} }`;
    case 'available':
      return found.path === undefined
        ? unknownText(
            `${manager} has ${found.package} (${found.version}); which file of it is meant was not looked up`,
          )
        : `{ package: ${found.package}, path: ${quoted(found.path)}${versionText(found.version)}, from: index }`;
    case 'unowned':
      return `{ unknown: ${quoted(`${found.path} is there, and no package owns it`)} }`;
    case 'missing':
      return found.names.length === 0
        ? `{ unknown: ${quoted(`it is not there, and ${manager} was not asked for it`)} }`
        : unknownText(`${manager} has no package called ${found.names.join(' or ')}; there may be another`);
    default:
      throw new TypeError(`no such find: ${found satisfies never}`);
  }
}

const unknownText = (why: string) => `{ unknown: ${quoted(why)}, from: index }`;
const versionText = (version: string | undefined) =>
  version === undefined ? '' : `, version: ${quoted(version)}`;

/** JSON's strings are YAML's; plain where nothing in them could be read as anything else. */
function quoted(text: string): string {
  return /^[A-Za-z/][\w/.()+-]*( [\w/.()+-]+)*$/.test(text) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
