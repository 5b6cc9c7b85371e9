import { isNotPackaged, isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import { compareReleases } from '../../domain/version.ts';
import { code, escaped, linked, table } from '../markdown-text.ts';
import { buildLine } from './build-section.ts';
import { buildsOf } from './builds.ts';
import { partTitles } from './claims.ts';
import type { Docs } from './docs.ts';

/** Who packages Kata: the open question of the 2020 thread, release by release. */
export function whoShipsPage({ distros, kata, matrix }: Pick<Docs, 'distros' | 'kata' | 'matrix'>): string {
  const rows = distros
    .filter(({ arch, architectures }) => arch === architectures[0])
    .map((distro) => {
      const { ships } = distro;
      return [
        `[${escaped(distro.title)}](distros/${distro.id}.md)`,
        packageOf(distro),
        lagOf(distro, kata),
        escaped(maintainerOf(distro) ?? '–'),
        ships?.lastActivity ?? '–',
        `${ships?.agrees ?? 'unknown'}${ships ? ` (${linked(ships.source)}; ${ships.trust})` : ''}`,
        `${linked(distro.parts.kata.source)}; ${distro.parts.kata.trust}`,
      ];
    });

  return `${[
    '# Who ships Kata Containers?',
    `In 2020 Kata's maintainers asked which distros would package Kata and its VMMs. This page says what is known, by release; lags are counted to Kata ${kata}. *unknown* is an answer: nobody has asked, or nobody has answered in public.`,
    table(
      ['release', 'Kata package', 'lag', 'maintainer', 'last activity', 'agrees to ship', 'source'],
      rows,
    ),
    'Where a distro lacks a VMM, its page says what would have to be built: [SUPPORT.md](SUPPORT.md).',
    builtSection(distros, matrix),
  ].join('\n\n')}\n`;
}

/** What scenarios built where a distro has no package of it, or beside one; the commands are on the release's page. */
function builtSection(distros: Docs['distros'], matrix: Docs['matrix']): string {
  const rows = distros.flatMap((distro) =>
    buildsOf(distro, matrix).map((build) => [
      `[${escaped(distro.title)}](distros/${distro.id}.md)`,
      escaped(partTitles[build.part]),
      'failed' in build.came ? `no: ${escaped(build.came.failed)}` : `yes: ${escaped(build.came.result)}`,
      isPackaged(distro.parts[build.part]) ? 'yes' : 'no',
      buildLine(build),
    ]),
  );
  const built =
    rows.length > 0
      ? table(['release', 'what', 'builds', 'packaged', 'tried'], rows)
      : 'No published run has built a VMM anywhere yet, so no page has commands for it.';
  return `## Built by the distro's own toolchain\n\n${built}`;
}

function packageOf({ parts: { kata } }: Distro): string {
  if (isPackaged(kata)) {
    return `${code(kata.package)}${kata.version === undefined ? '' : ` ${escaped(kata.version)}`}`;
  }
  return isNotPackaged(kata) ? 'not packaged' : `unknown: ${escaped(kata.unknown)}`;
}

function maintainerOf({ parts: { kata }, ships }: Distro): string | undefined {
  return (isPackaged(kata) ? kata.maintainer : undefined) ?? ships?.maintainer;
}

/** How far the packaged version is behind, by its own numbers: Kata releases a minor every month or so. */
function lagOf({ parts: { kata } }: Distro, newest: string): string {
  const own = isPackaged(kata) ? /\d+\.\d+\.\d+/.exec(kata.version ?? '')?.[0] : undefined;
  if (own === undefined) {
    return '–';
  }
  const order = compareReleases(own, newest);
  if (order === 0) {
    return 'none';
  }
  return order > 0 ? `ahead of ${newest}` : `${own} to ${newest}`;
}
