import { dateOf } from '../domain/days.ts';
import type { DistroFacts } from '../domain/entry.ts';
import { oneLine, plain } from '../domain/text.ts';
import { evidence, handmade, type Say, tried } from './bug-sections.ts';
import { bugVersions } from './bug-versions.ts';
import type { Explanation } from './explanation.ts';
import { componentWords, confidenceWords } from './fault-words.ts';
import { code, escaped } from './markdown-text.ts';
import type { ByHand } from './repeat-commands.ts';
import { fileName } from './shared-command.ts';
import type { WhereTo } from './where-to.ts';

/** What a report for a tracker is made of, beside the explanation. */
export interface BugFacts {
  readonly to: WhereTo;
  readonly release: DistroFacts;
  /** What the scenario tests, in a sentence: `The distro's virtiofsd starts with Kata's arguments`. */
  readonly title: string | undefined;
  /** Speed class of its machines, and the QEMU that they ran on. */
  readonly machine: string;
  readonly byHand: ByHand | undefined;
  /** The command that repeats it with katafarm. */
  readonly again: string;
  /** Takes out what is nobody's business: hosts, users, folders, secrets. */
  readonly redact: (text: string) => string;
}

/** One report, ready to be sent: Markdown that nothing a guest said can break out of. */
export interface BugReport {
  readonly to: WhereTo;
  readonly title: string;
  readonly markdown: string;
}

export function bugReport(told: Explanation, facts: BugFacts): BugReport {
  const { to, redact } = facts;
  const title = titleOf(told, to, redact);
  // A placeholder has no character that Markdown knows, so the order of escaping and redacting does not matter.
  const say = (text: string, limit = 600) => escaped(redact(plain(text)), limit);
  const sections = [
    `<!-- ${comment(redact(headOf(to)))} -->`,
    `# ${escaped(title, 160)}`,
    ...warnings(told, facts).map((line) => `> ${say(line)}`),
    fails(told, facts, say),
    bugVersions(told, say),
    tried(told, say),
    handmade(facts),
    evidence(told, redact),
    reasoning(told, say),
    how(told, facts, say),
  ];
  const markdown = `${sections.filter((text) => text !== '').join('\n\n')}\n`;
  return { to, title, markdown };
}

function titleOf(
  { reason = '', outcome, cell }: Explanation,
  { package: name }: WhereTo,
  redact: BugFacts['redact'],
): string {
  const message = outcome && 'message' in outcome && outcome.message ? outcome.message : reason;
  // What is cut first may no longer look like a secret.
  const said = oneLine(redact(plain(message)), name ? 110 : 140) || cell;
  return name ? `${name}: ${said}` : said;
}

function headOf({ title, url, command, notes }: WhereTo): string {
  const where = [title, ...(url ? [url] : []), ...(command ? [command] : [])].join('; ');
  return [`to: ${where}`, ...notes].join('. ');
}

/** Text that cannot end a comment of HTML. */
function comment(text: string): string {
  return oneLine(text, 1000).replaceAll(/[<>]/g, '').replaceAll(/--+/g, '-');
}

function warnings(
  { modified, startedAt, finding }: Explanation,
  { to, release }: BugFacts,
): readonly string[] {
  const isPast = release.eol !== undefined && release.eol < dateOf(startedAt);
  return [
    ...modified.map(
      (change) =>
        `The run was changed by hand (${change.split(' ').map(fileName).join(' ')}): this is no report of the release as it is.`,
    ),
    ...(to.whom === 'nobody'
      ? to.notes.map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`)
      : []),
    ...(to.whom === 'distro' && isPast
      ? [
          `${release.title} is past its end (${release.eol}): nobody mends it any more. See whether a later release has it.`,
        ]
      : []),
    ...(finding?.confidence === 'fingerprint' ? [`The name rests on ${confidenceWords.fingerprint}.`] : []),
  ];
}

function fails({ reason = '', since, cell }: Explanation, { title, release }: BugFacts, say: Say): string {
  const what = title === undefined ? cell : `“${title}”`;
  const { firstRed, lastGreen } = since;
  const when = firstRed
    ? [
        `First seen on ${dateOf(firstRed.at)}; ${
          lastGreen
            ? `it was last seen to work on ${dateOf(lastGreen.at)}.`
            : 'no earlier test that is at hand saw it work.'
        }`,
      ]
    : [];
  return ['## What fails', `On ${say(release.title)}, ${say(what)} fails: ${say(reason)}`, ...when].join(
    '\n\n',
  );
}

function reasoning({ finding }: Explanation, say: Say): string {
  if (!finding) {
    return '';
  }
  const { component, confidence, because, class: kind } = finding;
  const words = componentWords[component];
  const what = `${words.charAt(0).toUpperCase()}${words.slice(1)}${kind ? `, class ${kind}` : ''}.`;
  const rests = confidence ? ` It rests on a ${confidence}: ${confidenceWords[confidence]}.` : '';
  return [
    component === 'unknown' ? '## Why nobody is named' : '## Why it is thought to lie here',
    say(`${what}${rests}`),
    because.map((step, index) => `${index + 1}. ${say(step)}`).join('\n'),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function how({ cell, run }: Explanation, { machine, again, redact }: BugFacts, say: Say): string {
  return [
    '## How it was found',
    `By katafarm, which tests releases in virtual machines: cell ${say(cell)}, run ${say(run)}. ${say(machine)}`,
    `With katafarm it is repeated by ${code(redact(again))}.`,
  ].join('\n\n');
}
