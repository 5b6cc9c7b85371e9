import { plain } from '../domain/text.ts';
import type { BugFacts } from './bug-report.ts';
import type { Excerpt } from './excerpt.ts';
import type { Explanation } from './explanation.ts';
import { escaped, table, verbatim } from './markdown-text.ts';

/** Any text as Markdown that means just this text, with nothing in it that is nobody's business. */
export type Say = (text: string, limit?: number) => string;

type Redact = (text: string) => string;

/** The experiments, as a truth table. */
export function tried({ trials, lookedInto }: Explanation, say: Say): string {
  const rows = trials.map(({ mark = '', what, came, said = '' }) => [mark, say(what), say(came), say(said)]);
  const whose =
    lookedInto === undefined
      ? ''
      : ` What follows its own attempts was tried on ${say(lookedInto)}, which fails alike.`;
  return rows.length === 0
    ? ''
    : [
        '## What was tried',
        `Each on a fresh copy of one machine. A is the machine as it is, B has the one change that is named.${whose}`,
        table(['', 'machine', 'outcome', 'what it said'], rows),
      ].join('\n\n');
}

/** Commands for whoever has no katafarm. */
export function handmade({ byHand, to, release, redact }: BugFacts): string {
  if (byHand === undefined) {
    return '';
  }
  const having = to.package === undefined ? '' : `, with ${to.package} installed`;
  return [
    '## To repeat it by hand',
    escaped(redact(`On ${release.title}${having}. ${byHand.note}`), 1000),
    verbatim(redact(plain(byHand.commands)), 60),
  ].join('\n\n');
}

/** The lines that speak for it with those around them; without any, what the scenario printed. */
export function evidence({ evidence: excerpts, tail, outcome }: Explanation, redact: Redact): string {
  const detail = outcome && 'detail' in outcome ? outcome.detail : undefined;
  const blocks = excerpts.map((one) => verbatim(redact(plain(excerptText(one)))));
  const said = detail ?? (tail && excerptText(tail));
  const shown = blocks.length > 0 || said === undefined ? blocks : [verbatim(redact(plain(said)))];
  return shown.length === 0 ? '' : ['## Evidence', ...shown].join('\n\n');
}

function excerptText({ file, lines }: Excerpt): string {
  const line = lines.find(({ speaks }) => speaks)?.number ?? lines[0]?.number ?? 1;
  const place = `${file.split('/').at(-1)}, line ${line}`;
  return [place, ...lines.map(({ text, speaks }) => `${speaks ? '>' : ' '} ${text}`)].join('\n');
}
