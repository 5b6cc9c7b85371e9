import { isNotPackaged } from '../../domain/claim.ts';
import { type Distro, endOfLife } from '../../domain/distro.ts';
import { trustText } from '../../domain/distro-trust.ts';
import type { ReleaseSupport } from '../../domain/matrix.ts';
import { isMeant } from '../../domain/scenario.ts';
import { printed, type Support } from '../../domain/support.ts';
import { escaped, linked, table } from '../markdown-text.ts';
import { buildSection } from './build-section.ts';
import { claimsTable, compilersLine, partTitles } from './claims.ts';
import type { Docs } from './docs.ts';
import { imageLines } from './image-lines.ts';
import { installSection } from './install-section.ts';

/** The page of one release: what was tested, how to install it, what it lacks, and where all of that is from. */
export function releasePage(distro: Distro, docs: Docs): string {
  const tested = docs.matrix.releases.find((one) => one.distro.id === distro.id);
  const sections = [
    `# ${escaped(distro.title)}${distro.arch === 'amd64' ? '' : ` on ${distro.arch}`}`,
    opening(distro, tested),
    tested ? stacksSection(tested) : '',
    installSection(distro, docs),
    buildSection(distro, docs),
    knownIssues(distro, docs),
    lifeSection(distro),
    `## What is known of its packages\n\n${claimsTable(distro)}`,
    compilersLine(distro),
    imageLines(distro),
    trackerSection(distro),
    notesSection(distro),
    'All releases: [SUPPORT.md](../SUPPORT.md). Who packages Kata: [who-ships.md](../who-ships.md).',
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function opening(distro: Distro, tested: ReleaseSupport | undefined): string {
  const { id, architectures, packageManager, lsm } = distro;
  const word = tested
    ? `**${printed(tested.headline)}**, ${tested.headline.newest ?? 'never run'}.`
    : '**unknown**: no published run has tried it.';
  const facts = [
    `release \`${id}\``,
    `package manager ${packageManager}`,
    `architectures ${architectures.join(', ')}`,
    `security module ${lsm}`,
    `catalogue ${trustText(distro)}`,
  ];
  return `${word}\n\n${facts.join(' · ')}`;
}

function stacksSection({ stacks }: ReleaseSupport): string {
  const rows = stacks.map((one) => [
    one.stack,
    `**${printed(one)}**`,
    one.newest ?? '–',
    escaped(one.reason),
    evidenceOf(one),
  ]);
  return `## What was tested\n\n${table(['stack', 'word', 'newest', 'why', 'evidence'], rows)}`;
}

/** The deciding cell, or how many of them decided together, with the runs. */
function evidenceOf({ cell, behind }: Support): string {
  const seen = behind.filter(({ observed }) => observed);
  const deciding = seen.find((one) => one.cell === cell);
  if (deciding?.observed) {
    return `${escaped(deciding.cell)}, run ${escaped(deciding.observed.run)}`;
  }
  const runs = [...new Set(seen.map(({ observed }) => observed?.run ?? ''))].toSorted();
  return seen.length > 0
    ? `${seen.length} cells, ${runs.map((run) => `run ${escaped(run)}`).join(', ')}`
    : '–';
}

function knownIssues({ id }: Distro, { knownIssues: all }: Docs): string {
  const own = all.filter(({ scope }) => scope.releases.some((glob) => isMeant(id, glob)));
  const lines = own.map(
    ({ title, tracker, confirmed, expires }) =>
      `- ${escaped(title)}: <${tracker}>, confirmed ${confirmed}, excuses nothing after ${expires}`,
  );
  return `## Known issues\n\n${lines.length > 0 ? lines.join('\n') : 'None is written down.'}`;
}

function lifeSection(distro: Distro): string {
  const { rolling, released, eol, lts, source } = distro.lifecycle;
  const dates = [
    ...(released ? [`released ${released}`] : []),
    ...(eol ? [`regular support until ${eol}`] : []),
    ...(lts ? [`free security support until ${lts}`] : []),
    ...(rolling ? ['never released as a whole'] : []),
    ...(!rolling && !endOfLife(distro) ? ['its end is not known'] : []),
  ];
  return `## Life cycle\n\n${dates.join('; ')} (${linked(source)}).`;
}

function trackerSection({ tracker, parts }: Distro): string {
  if (!tracker) {
    return '## Where to report\n\nNobody wrote down its tracker.';
  }
  const report = tracker.report === undefined ? '' : `, by \`${tracker.report.replaceAll('`', '')}\``;
  const lacking = Object.entries(parts).flatMap(([part, claim]) =>
    isNotPackaged(claim) ? [partTitles[part as keyof typeof partTitles]] : [],
  );
  const wishes =
    lacking.length > 0 ? ` What it does not package can be asked for there: ${lacking.join(', ')}.` : '';
  return `## Where to report\n\n${escaped(tracker.title)}: \`${tracker.url.replaceAll('`', '')}\`${report}.${wishes}`;
}

function notesSection({ notes }: Distro): string {
  return notes.length > 0 ? `## Notes\n\n${notes.map((note) => `- ${linked(note, 600)}`).join('\n')}` : '';
}
