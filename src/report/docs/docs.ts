import type { Distro, PackageManagerId } from '../../domain/distro.ts';
import { trustText } from '../../domain/distro-trust.ts';
import type { KnownIssue } from '../../domain/known-issue.ts';
import type { Matrix } from '../../domain/matrix.ts';
import { escaped, table } from '../markdown-text.ts';
import type { Artifact } from '../report.ts';
import { supportPage } from '../support-page.ts';
import { mkdocsPage } from './mkdocs-page.ts';
import { osinfoFiles } from './osinfo.ts';
import { releasePage } from './release-page.ts';
import { whoShipsPage } from './who-ships.ts';

/** All that the published pages are made of. */
export interface Docs {
  /** The catalogue, tested or not. */
  readonly distros: readonly Distro[];
  /** What was tested of it. */
  readonly matrix: Matrix;
  readonly knownIssues: readonly KnownIssue[];
  /** How a package manager installs packages, as a user types it; undefined for one that the farm can't use. */
  readonly installs: (manager: PackageManagerId, packages: readonly string[]) => string | undefined;
  /** The release of Kata that lags are counted to. */
  readonly kata: string;
  /** JSON Schema of the files below `osinfo/`. */
  readonly osinfoSchema: string;
}

/** A folder below the published one that holds nothing but pages of this report: what is not written goes. */
export const docsFolders = ['distros', 'osinfo', 'site'] as const;

/** Every page and file that is generated from the catalogue and the matrix. The same input gives the same bytes. */
export function docsOf(docs: Docs): readonly Artifact[] {
  return [
    { path: 'SUPPORT.md', text: supportPage(docs.matrix, catalogueSection(docs)) },
    ...docs.distros.map((distro) => ({ path: pageOf(distro), text: releasePage(distro, docs) })),
    { path: 'who-ships.md', text: whoShipsPage(docs) },
    ...osinfoFiles(docs),
    { path: 'site/supported-distributions.md', text: mkdocsPage(docs) },
  ];
}

/** Where a release's page is, below the published folder. */
export function pageOf({ id }: Pick<Distro, 'id'>): string {
  return `distros/${id}.md`;
}

/** Every release there is a page of, with those that nobody has run. */
function catalogueSection({ distros, matrix }: Docs): string {
  const tested = new Set(matrix.releases.map(({ distro }) => distro.id));
  const rows = distros.map((distro) => [
    `[${escaped(distro.title)}](${pageOf(distro)})`,
    distro.arch,
    tested.has(distro.id) ? 'yes' : 'no',
    trustText(distro),
  ]);
  return [
    '## Every release that is described',
    'Each page says what is packaged, how to install it, what is missing, and where that was read.',
    table(['release', 'architecture', 'tested', 'catalogue'], rows),
  ].join('\n\n');
}
