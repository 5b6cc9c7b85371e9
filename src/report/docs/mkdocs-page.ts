import type { Distro } from '../../domain/distro.ts';
import type { ReleaseSupport } from '../../domain/matrix.ts';
import { printed } from '../../domain/support.ts';
import { escaped, table } from '../markdown-text.ts';
import type { Docs } from './docs.ts';

/**
 * A page for upstream's documentation site, as it stands: plain Markdown and admonitions, which its mkdocs.yaml has, no
 * link that leads out of it but to this project's pages.
 */
export function mkdocsPage({ distros, matrix }: Pick<Docs, 'distros' | 'matrix'>): string {
  const tested = new Map(matrix.releases.map((one) => [one.distro.id, one]));
  const shown = distros.filter(({ id }) => tested.has(id));
  const others = distros.filter(({ id, arch }) => arch === 'amd64' && !tested.has(id));

  return `${[
    '# Supported distributions',
    `Which distributions can run Kata Containers with **their own** VMM, virtiofsd and kernel, as katafarm tested it, as of ${matrix.asOf}. A word is what machines showed, and no commitment by anybody.`,
    '!!! note\n    `capable` says that every host, engine and VMM check passed; `(emulated)` that it was without hardware virtualisation.',
    table(
      ['distribution', 'word', 'tested', 'why'],
      shown.map((distro) => row(distro, tested.get(distro.id))),
    ),
    others.length > 0
      ? `Described and not tested yet: ${[...new Set(others.map(({ title }) => escaped(title)))].join(', ')}.`
      : '',
  ]
    .filter((section) => section !== '')
    .join('\n\n')}\n`;
}

function row({ title }: Distro, support: ReleaseSupport | undefined): readonly string[] {
  const { headline } = support ?? {};
  return headline
    ? [escaped(title), printed(headline), headline.newest ?? '–', escaped(headline.reason)]
    : [escaped(title), 'unknown', '–', '–'];
}
