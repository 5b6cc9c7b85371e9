import { matrixOf } from '../domain/matrix.ts';
import { isCandidate } from '../domain/overlay.ts';
import type { Run } from '../domain/run.ts';
import { dayOf } from '../domain/run-day.ts';
import { printed } from '../domain/support.ts';
import { versionsIn } from '../domain/versions.ts';
import { alike, type Group } from './alike.ts';
import { decisiveStep, faultOf } from './fault-words.ts';
import { kataWords } from './kata-words.ts';
import { knownMarkdown } from './known-issue-lines.ts';
import { code, escaped, table, verbatim } from './markdown-text.ts';
import type { Report } from './report.ts';
import {
  endingOf,
  evidenceFolder,
  shownOrder,
  type TestedCell,
  type TestedStack,
  testedStacks,
} from './tested.ts';
import { commandOf, countsOf, durationOf, reasonOf, repeatOf, shownWord, wallTime } from './words.ts';

/** A page about one run: the words, what did not pass and why, then everything that ran. */
export const markdown: Report = (run) => {
  const stacks = testedStacks(run);
  const sections = [
    head(run, stacks),
    support(run),
    knownMarkdown(run),
    ...troubles(run, stacks),
    ran(stacks),
    skips(stacks),
  ];
  const text = sections.filter((section) => section !== undefined).join('\n\n');
  return [{ path: 'summary.md', text: `${text}\n` }];
};

function head(run: Run, stacks: readonly TestedStack[]): string {
  const wall = wallTime(run);
  const host = Object.entries(run.host).map(([key, value]) => `${escaped(key)} ${escaped(String(value))}`);
  const measured = new Set([...run.batchFacts.values()].flatMap(({ speed }) => speed ?? []));
  const speeds = [...measured].map((speed) => escaped(String(speed)));
  const ending = endingOf(run);
  const cells = stacks.flatMap((stack) => stack.cells);

  return [
    `# katafarm run ${escaped(run.id)}`,
    ...(run.modified.length > 0
      ? [`**Modified by hand, so never published:** ${run.modified.map((text) => escaped(text)).join('; ')}`]
      : []),
    ...(ending ? [`**This run was ${ending}.**`] : []),
    ...kataWords(run).map((line) => escaped(line)),
    `${countsOf(cells, shownOrder)}. Started ${run.startedAt}${wall === undefined ? '' : `, took ${durationOf(wall)}`}.`,
    `Host: ${host.join(', ')}. Speed class: ${speeds.join(', ') || 'not measured'}.`,
    `Again: ${escaped(commandOf(run.command), 4000)}`,
  ].join('\n\n');
}

function support(run: Run): string {
  const matrix = matrixOf([run], { today: dayOf(run) });
  const rows = matrix.releases.flatMap(({ distro, stacks }) =>
    stacks.map((one) => [
      escaped(distro.title),
      one.stack,
      `**${isCandidate(run) ? `candidate (${printed(one)})` : printed(one)}**`,
      one.basis ?? '–',
      escaped(one.reason),
    ]),
  );
  return [
    `## Support, by policy ${matrix.policy}, as of ${matrix.asOf}`,
    table(['release', 'stack', 'word', 'basis', 'because'], rows),
  ].join('\n\n');
}

function troubles(run: Run, stacks: readonly TestedStack[]): readonly string[] {
  const bad = stacks.flatMap(({ cells }) =>
    cells.filter(({ shown }) => shown !== 'passed' && shown !== 'skipped'),
  );
  const releases = Map.groupBy(bad, ({ cell }) => cell.distro);

  return [...releases].map(([release, cells]) =>
    [
      `## ${escaped(release)}: what did not pass`,
      table(
        ['cell', 'outcome', 'because', 'fault', 'evidence'],
        cells.map((tested) => [
          escaped(tested.cell.id),
          shownWord(tested),
          escaped(reasonOf(tested) ?? ''),
          fault(tested),
          escaped(evidenceFolder(tested) ?? '–'),
        ]),
      ),
      ...alike(cells).flatMap((group) => detail(run, group)),
    ].join('\n\n'),
  );
}

/** Whose fault it is, of what class and why; a dash where nothing was said of that. */
function fault({ result }: TestedCell): string {
  const finding = result?.finding;
  if (!finding) {
    return '–';
  }
  const step = decisiveStep(finding);
  const kind = finding.class === undefined ? '' : `, ${escaped(finding.class, 80)}`;
  return `**${faultOf(finding)}**${kind}${step === undefined ? '' : `: ${escaped(step)}`}`;
}

function detail(run: Run, [{ cell, outcome }, ...others]: Group): readonly string[] {
  if (outcome?.status !== 'failed' && outcome?.status !== 'errored') {
    return [];
  }
  const again =
    others.length > 0
      ? `${escaped(cell.id)} and ${others.length} more, again by ${escaped(commandOf(run.command), 4000)}`
      : `${escaped(cell.id)}, again by ${code(repeatOf(cell, run.command))}`;
  return outcome.detail ? [`${again}:`, verbatim(outcome.detail)] : [`${again}.`];
}

function ran(stacks: readonly TestedStack[]): string {
  const cells = stacks.flatMap((stack) =>
    stack.cells.filter(({ result }) => (result?.attempts.length ?? 0) > 0),
  );
  const rows = cells.map((tested) => [
    escaped(tested.cell.id),
    shownWord(tested),
    ((tested.result?.ms ?? 0) / 1000).toFixed(1),
    versions(tested),
  ]);
  return ['## Everything that ran', table(['cell', 'outcome', 'seconds', 'versions'], rows)].join('\n\n');
}

function versions({ result }: TestedCell): string {
  const found = Object.entries(versionsIn(result?.facts ?? {}));
  return found.map(([key, value]) => `${escaped(key)} ${escaped(String(value))}`).join('; ') || '–';
}

function skips(stacks: readonly TestedStack[]): string | undefined {
  const cells = stacks.flatMap((stack) => stack.cells.filter(({ shown }) => shown === 'skipped'));
  if (cells.length === 0) {
    return undefined;
  }
  const rows = cells.map((tested) => [escaped(tested.cell.id), escaped(reasonOf(tested) ?? '')]);
  return ['## Skipped', table(['cell', 'because'], rows)].join('\n\n');
}
