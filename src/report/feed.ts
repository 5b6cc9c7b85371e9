import type { CellId } from '../domain/cell.ts';
import { type CellNight, nightsOfCell } from '../domain/cell-nights.ts';
import type { Chronicle, Lane } from '../domain/chronicle.ts';
import type { Distro, DistroId } from '../domain/distro.ts';
import { isGreen, isRed } from '../domain/flips.ts';
import { oneLine, plain } from '../domain/text.ts';
import { releaseTitle } from './release-title.ts';
import type { Artifact } from './report.ts';

/** What the feed is made of. */
export interface FeedInput {
  readonly chronicle: Chronicle;
  /** For their titles. */
  readonly distros: readonly Pick<Distro, 'id' | 'title'>[];
}

/** Readers keep what they have seen. */
const mostEntries = 100;
/** Of one entry; the release's page has all of them. */
const mostCells = 30;

/** A cell that is not as it was the last time that it came to a verdict. */
interface Turn {
  readonly kind: 'broken' | 'fixed';
  readonly cell: CellId;
  readonly night: CellNight;
  readonly lane: Lane;
  /** The last verdict before it. */
  readonly before: CellNight;
}

/**
 * What broke and what was mended, as an Atom feed: an entry a run and release, the newest first. Ids and times are those of
 * the runs, so that the same history gives the same bytes. A cell that was never green is no regression, whatever it says.
 */
export function feedOf({ chronicle, distros }: FeedInput): Artifact {
  const titles = new Map(distros.map(({ id, title }) => [id, releaseTitle(id, title)]));
  const turns = chronicle.lanes.flatMap((lane) => turnsIn(chronicle, lane));
  const entries = [
    ...Map.groupBy(
      turns,
      ({ lane, night, kind }) =>
        `${night.run}/${lane.release}${isInContainer(lane) ? '/container' : ''}/${kind}`,
    ),
  ];
  const newest = entries
    .toSorted(([a, [x]], [b, [y]]) => compared(y?.night.at, x?.night.at) || compared(a, b))
    .slice(0, mostEntries);

  const updated =
    newest[0]?.[1][0]?.night.at ?? chronicle.runs.at(-1)?.startedAt ?? new Date(0).toISOString();
  const text = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <id>${xml(tagged('regressions'))}</id>`,
    '  <title>Kata Containers on Linux distributions: what broke, and what was mended</title>',
    `  <updated>${xml(updated)}</updated>`,
    '  <author><name>katafarm</name></author>',
    '  <link rel="self" href="feed.xml"/>',
    '  <link rel="alternate" type="text/html" href="index.html"/>',
    ...newest.flatMap(([id, turns]) => entryOf(tagged(id), turns, titles)),
    '</feed>',
  ];
  return { path: 'site/feed.xml', text: `${text.join('\n')}\n` };
}

/** Links are relative to the feed: a site that is only files does not know its own address. */
function entryOf(
  id: string,
  turns: readonly Turn[],
  titles: ReadonlyMap<DistroId, string>,
): readonly string[] {
  const [first] = turns;
  if (!first) {
    return [];
  }
  const { kind, night, lane } = first;
  const count = new Set(turns.map(({ cell }) => cell)).size;
  const where = isInContainer(lane) ? ', in a container' : '';
  const title = `${titles.get(lane.release) ?? lane.release}${where}: ${count === 1 ? 'a cell' : `${count} cells`} newly ${kind}`;
  const page = `distros/${encodeURIComponent(lane.release).replaceAll('%40', '@')}.html`;
  return [
    '  <entry>',
    `    <id>${xml(id)}</id>`,
    `    <title>${xml(title)}</title>`,
    `    <updated>${xml(night.at)}</updated>`,
    `    <published>${xml(night.at)}</published>`,
    `    <category term="${kind}"/>`,
    `    <link rel="alternate" type="text/html" href="${xml(page)}"/>`,
    `    <content type="html">${xml(contentOf(turns))}</content>`,
    '  </entry>',
  ];
}

function contentOf(turns: readonly Turn[]): string {
  const sorted = turns.toSorted((a, b) => compared(a.cell, b.cell));
  const lines = sorted.slice(0, mostCells).map(({ kind, cell, lane, night, before }) => {
    const { message = '', finding, known = [] } = (kind === 'broken' ? night : before).red ?? {};
    const fault = finding && finding.component !== 'unknown' ? `; whose fault: ${finding.component}` : '';
    const issues = known.length > 0 ? `; a known issue: ${known.join(', ')}` : '';
    const said = message === '' ? '' : `: ${oneLine(message)}`;
    const was = kind === 'broken' ? `green on ${dayOf(before)}` : `red on ${dayOf(before)}${said}`;
    const now = kind === 'broken' ? `${night.status}${said}${fault}${issues}` : night.status;
    return `<li><code>${xml(cell)}</code> (${xml(lane.variant)}, ${xml(lane.basis)}) is ${xml(now)}; it was ${xml(was)}</li>`;
  });
  const rest = sorted.length - lines.length;
  const more = rest > 0 ? `<p>And ${rest} more.</p>` : '';
  return `<ul>${lines.join('')}</ul>${more}<p>Run ${xml(turns[0]?.night.run ?? '')}</p>`;
}

function turnsIn(chronicle: Chronicle, lane: Lane): readonly Turn[] {
  const cells = new Set(lane.strips.map(({ cell }) => cell));
  return [...cells].flatMap((cell) => {
    const told = nightsOfCell(chronicle, lane, cell).filter((night) => isGreen(night) || isRed(night));
    return told.flatMap((night, index): readonly Turn[] => {
      const before = told[index - 1];
      if (!before || isRed(before) === isRed(night)) {
        return [];
      }
      return [{ kind: isRed(night) ? 'broken' : 'fixed', cell, night, lane, before }];
    });
  });
}

/** A name for good (RFC 4151), whoever publishes the feed: runs' ids differ from farm to farm. */
const tagged = (name: string) => `tag:katafarm.invalid,2026:${encodeURI(name)}`;

const isInContainer = ({ basis }: Lane) => basis === 'userspace';

const dayOf = ({ at }: CellNight) => at.slice(0, 10);

/** As XML and as HTML, whatever a machine said. */
function xml(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function compared(a: string | undefined = '', b: string | undefined = ''): number {
  return Number(a > b) - Number(a < b);
}
