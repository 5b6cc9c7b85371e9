import { makeBadge } from 'badge-maker';
import type { Matrix } from '../domain/matrix.ts';
import { printed, type Support, testedWord, type Word } from '../domain/support.ts';
import { plain } from '../domain/text.ts';
import { isFileName } from './file-name.ts';
import { releaseTitle } from './release-title.ts';
import type { Artifact } from './report.ts';

/** What shields.io asks of an endpoint, https://shields.io/badges/endpoint-badge */
interface Endpoint {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

/** Dark enough that white text on it can be read (WCAG AA): shields.io's own bright ones are not. */
const colors: Readonly<Record<Word, string>> = {
  supported: '#2d7d33',
  capable: '#1f6feb',
  degraded: '#8a6100',
  'known-issue': '#b3500b',
  broken: '#c0271f',
  blocked: '#656d76',
  unknown: '#656d76',
  'not-packaged': '#656d76',
  eol: '#656d76',
};

/**
 * Badges below `site/badges/`: one a release that was tested, `ID.svg`, and `all.svg` of how many of them run Kata. Beside each
 * the same for shields.io's endpoint badge, `ID.json`.
 */
export function badgesOf({ releases }: Pick<Matrix, 'releases'>): readonly Artifact[] {
  return [
    ...badge('all', overall(releases.map(({ headline }) => headline))),
    ...releases
      .filter(({ distro }) => isFileName(distro.id))
      .flatMap(({ distro, headline }) =>
        badge(distro.id, {
          schemaVersion: 1,
          label: `Kata on ${plain(releaseTitle(distro.id, distro.title))}`,
          message: printed(headline),
          color: colors[colored(headline)],
        }),
      ),
  ];
}

/** A release past its end, and a word that is too old to say anything, stay grey whatever they were. */
function colored(headline: Support): Word {
  return headline.word === 'eol' ? 'eol' : testedWord(headline);
}

/**
 * Kata itself was run on those that are `supported` or `degraded`; on `capable` ones it was not yet. Releases past their end
 * never count.
 */
function overall(all: readonly Support[]): Endpoint {
  const headlines = all.filter(({ word }) => word !== 'eol');
  const count = (...meant: readonly Word[]) => headlines.filter(({ word }) => meant.includes(word)).length;
  const works = count('supported', 'degraded');
  const capable = count('capable');
  const message =
    headlines.length === 0 ? 'nothing tested' : `${works} of ${headlines.length} work, ${capable} capable`;
  return { schemaVersion: 1, label: 'Kata Containers', message, color: colors[bestOf({ works, capable })] };
}

function bestOf({ works, capable }: { readonly works: number; readonly capable: number }): Word {
  if (works > 0) {
    return 'supported';
  }
  return capable > 0 ? 'capable' : 'unknown';
}

function badge(name: string, endpoint: Endpoint): readonly Artifact[] {
  const { label, message, color } = endpoint;
  // Several on one page: each has ids of its own.
  const idSuffix = name.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return [
    { path: `site/badges/${name}.svg`, text: `${makeBadge({ label, message, color, idSuffix })}\n` },
    { path: `site/badges/${name}.json`, text: `${JSON.stringify(endpoint, undefined, 2)}\n` },
  ];
}
