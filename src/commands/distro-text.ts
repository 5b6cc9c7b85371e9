import { isNotPackaged, isPackaged, type PartClaim, type Sourced } from '../domain/claim.ts';
import { compilers, type Distro, packagesOf } from '../domain/distro.ts';
import { trustText } from '../domain/distro-trust.ts';
import type { Images } from '../domain/image-source.ts';
import { parts } from '../domain/stack.ts';

/** A statement's name, and its lines: what it says, and what it rests on. */
type Entry = readonly [name: string, ...lines: readonly string[]];

/** Everything that a release's file says, with the source and the trust of every claim. `state`: of its life. */
export function distroText(distro: Distro, state: string): string {
  const { id, title, family, arch, architectures, packageManager, lsm, lifecycle, toolchain } = distro;

  return [
    `${id}  ${title}\n`,
    section('release', [
      ['family', family],
      ['architecture', `${arch} (${architectures.join(', ')})`],
      ['package manager', packageManager],
      ['security module', lsm],
      ['life cycle', state, datesText(lifecycle), `from ${lifecycle.source}`],
    ]),
    section(
      `parts (${trustText(distro)})`,
      parts.map((part): Entry => [part, ...claimLines(distro.parts[part])]),
    ),
    section(
      'what Kata is built with',
      compilers.map((compiler): Entry => [compiler, packagesOf(toolchain, compiler).join(', or ')]),
    ),
    section('images', imageEntries(distro.images)),
    section('where its packages are listed', [['repositories', ...(distro.repositories ?? [])]]),
    section('Kata by its packagers', shipEntries(distro)),
    section('where failures go', trackerEntries(distro)),
    section('notes', [['', ...distro.notes]]),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function section(title: string, entries: readonly Entry[]): string {
  const told = entries
    .map(([name, ...lines]) => ({ name, lines: lines.filter((line) => line !== '') }))
    .filter(({ lines }) => lines.length > 0);
  const text = told.map(({ name, lines }) =>
    lines.map((line, index) => `  ${(index === 0 ? name : '').padEnd(17)} ${line}\n`).join(''),
  );
  return told.length > 0 ? `${title}\n${text.join('')}` : '';
}

function claimLines(claim: PartClaim): readonly string[] {
  const origin = originText(claim);
  if (!isPackaged(claim)) {
    return [
      isNotPackaged(claim) ? `not packaged: ${claim.notPackaged}` : `unknown: ${claim.unknown}`,
      origin,
    ];
  }
  const { package: name, path, version, maintainer } = claim;
  return [
    [name, version, path].filter((word) => word !== undefined).join('  '),
    maintainer === undefined ? '' : `maintained by ${maintainer}`,
    origin,
  ];
}

function originText({ trust, source }: Sourced): string {
  return `${trust}: ${source}`;
}

function imageEntries({ qemu, cloud, docker }: Images): readonly Entry[] {
  return [
    ...(qemu
      ? [['built', `${qemu.build}, ${qemu.suite} ${qemu.components.join(' ')}`] as const satisfies Entry]
      : []),
    ...(cloud
      ? [
          [
            'cloud',
            cloud.url ?? `to be brought: ${cloud.bring}`,
            cloud.checksums === undefined ? '' : `checked by ${cloud.checksums}`,
            `boots with ${cloud.firmware === 'both' ? 'bios or uefi' : cloud.firmware}`,
            originText(cloud),
          ] as const satisfies Entry,
        ]
      : []),
    ...(docker
      ? [
          [
            'container',
            docker.reference ?? `built by ${docker.build}`,
            originText(docker),
          ] as const satisfies Entry,
        ]
      : []),
  ];
}

function shipEntries({ ships }: Distro): readonly Entry[] {
  return ships
    ? [
        [
          'agreed to ship it',
          ships.agrees,
          ships.maintainer === undefined ? '' : `maintained by ${ships.maintainer}`,
          ships.lastActivity === undefined ? '' : `last change on ${ships.lastActivity}`,
          originText(ships),
        ],
      ]
    : [];
}

function trackerEntries({ tracker }: Distro): readonly Entry[] {
  return tracker
    ? [['tracker', tracker.title, tracker.url, tracker.report ?? '', tracker.maintainers ?? '']]
    : [];
}

function datesText({ released, eol, lts }: Distro['lifecycle']): string {
  const dates = [
    released && `released ${released}`,
    eol && `supported until ${eol}`,
    lts && `LTS until ${lts}`,
  ];
  return dates.filter((date) => date !== undefined).join(', ');
}
