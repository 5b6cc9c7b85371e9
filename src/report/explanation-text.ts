import { dateOf } from '../domain/days.ts';
import { oneLine, plain } from '../domain/text.ts';
import type { Excerpt } from './excerpt.ts';
import type { Explanation } from './explanation.ts';
import type { Since } from './since.ts';

/** An explanation as a person reads it in a terminal. No text of a guest's reaches it as it was. */
export function explanationText(told: Explanation): string {
  const sections = [
    opening(told),
    whose(told),
    numbered('because', told.finding?.because ?? []),
    truthTable(told),
    evidence(told),
    section('versions', pairs(Object.entries(told.versions))),
    section('files', [
      ...told.files.map((path) => `${told.folder}/${oneLine(path, 400)}`),
      ...(told.files.length > 0 ? [] : ['none: no attempt at it left any']),
    ]),
    section('next', pairs(told.next.map(({ what, command }) => [what, command]))),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function opening({ cell, status, run, startedAt, reason, says, modified, since, greenSince }: Explanation) {
  const started = startedAt.slice(0, 16).replace('T', ' ');
  return [
    `${cell}: ${status}, in run ${run} of ${started} UTC`,
    ...(reason ? [`  ${oneLine(reason, 400)}`] : []),
    says,
    ...modified.map(
      (change) => `The run was modified by hand, so it speaks of no release: ${oneLine(change)}`,
    ),
    ...(greenSince === undefined ? [] : [`A later run saw it green: ${greenSince}.`]),
    ...sinceLines(since),
  ].join('\n');
}

/** Since when it is red, in a line; none where it isn't. */
export function sinceLines({ firstRed, lastGreen }: Since): readonly string[] {
  if (!firstRed) {
    return [];
  }
  const before = lastGreen
    ? `last green on ${dateOf(lastGreen.at)} (run ${lastGreen.run})`
    : 'no earlier run that is here saw it green';
  return [`Red since ${dateOf(firstRed.at)} (run ${firstRed.run}); ${before}.`];
}

function whose({ finding }: Explanation): string {
  if (!finding) {
    return '';
  }
  const { component, componentMeans, confidenceMeans, confidence, provenance, mender, class: kind } = finding;
  return section(
    'whose fault',
    pairs([
      ['component', component === 'unknown' ? componentMeans : `${component}: ${componentMeans}`],
      ...(provenance ? [['the thing itself', provenance] as const] : []),
      ...(mender ? [['who mends it', mender] as const] : []),
      ['class', kind ?? 'none that is known'],
      ...(confidence ? [['rests on', `${confidence}: ${confidenceMeans}`] as const] : []),
    ]),
  );
}

function truthTable({ trials, lookedInto }: Explanation): string {
  if (trials.length === 0) {
    return '';
  }
  const width = Math.max(...trials.map(({ what }) => what.length));
  const came = Math.max(...trials.map((row) => row.came.length));
  const rows = trials.map((row) =>
    `${row.mark ?? ' '}  ${row.what.padEnd(width)}  ${row.came.padEnd(came)}  ${row.said ?? ''}`.trimEnd(),
  );
  const whose =
    lookedInto === undefined ? [] : [`what follows its own attempts was tried on ${oneLine(lookedInto)}`];
  return section('what was tried, each on a fresh clone (A: as it is, B: with one change)', [
    ...whose,
    ...rows,
  ]);
}

function evidence({ evidence: excerpts, tail, finding }: Explanation): string {
  if (excerpts.length > 0) {
    return section('evidence', excerpts.flatMap(excerptLines));
  }
  return [
    finding ? section('evidence', ['no line of any log speaks for it']) : '',
    tail ? section('the end of its transcript', excerptLines(tail)) : '',
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function excerptLines({ file, lines, missing }: Excerpt): readonly string[] {
  const first = lines.find(({ speaks }) => speaks) ?? lines[0];
  const width = String(lines.at(-1)?.number ?? 0).length;
  return [
    `${oneLine(file, 400)}:${first?.number ?? 1}${missing === undefined ? '' : ` (${missing})`}`,
    ...lines.map(
      ({ number, text, speaks }) =>
        `  ${speaks ? '>' : ' '} ${String(number).padStart(width)} | ${visible(text)}`,
    ),
  ];
}

/** A line as it stands, its spaces too, without anything that a terminal obeys. */
function visible(text: string): string {
  const line = plain(text).replaceAll('\t', '    ').replaceAll('\n', ' ');
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}

function numbered(title: string, lines: readonly string[]): string {
  const steps = lines.map((line, index) => `${index + 1}. ${oneLine(line, 600)}`);
  return steps.length > 0 ? section(title, steps) : '';
}

function pairs(entries: readonly (readonly [string, string | number])[]): readonly string[] {
  const width = Math.max(0, ...entries.map(([key]) => oneLine(key, 60).length));
  return entries.map(([key, value]) => `${oneLine(key, 60).padEnd(width)}  ${oneLine(String(value), 600)}`);
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}
