import { placeOf } from '../domain/cell.ts';
import { matrixOf } from '../domain/matrix.ts';
import { remaining } from '../domain/remaining.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import { dayOf } from '../domain/run-day.ts';
import { isGood, printed, testedWord, type Word } from '../domain/support.ts';
import { oneLine } from '../domain/text.ts';
import { type Color, colorOf, type Pen, penOf } from './console-pen.ts';
import { trouble } from './console-trouble.ts';
import { kataWords } from './kata-words.ts';
import { knownIssueLines } from './known-issue-lines.ts';
import { endingOf, shownOrder, type TestedCell, testedStacks } from './tested.ts';
import { commandOf, countsOf, durationOf, reasonOf, shownWord, wallTime } from './words.ts';

export interface ConsoleOptions {
  readonly color: boolean;
  /** Longer lines are cut, except commands and paths; 0: none is. */
  readonly columns: number;
  /** Where the run lives, as the reader may type it. */
  readonly folder: string;
}

/** What a person reads at the end of a run: what ran, what failed and why, where to look, what to type next. */
export function consoleSummary(run: Run, { color, columns, folder }: ConsoleOptions): string {
  const pen = penOf(color, columns);
  const place = oneLine(folder, 4096).replace(/\/+$/, '') || '.';
  const stacks = testedStacks(run);
  const cells = stacks.flatMap((stack) => stack.cells);

  const width = Math.max(0, ...stacks.map((stack) => stack.place.length));
  const counts = stacks.map((tested) => {
    const worst = shownOrder.slice(1, 5).find((shown) => tested.cells.some((cell) => cell.shown === shown));
    return `  ${tested.place.padEnd(width)}  ${pen.paint(colorOf[worst ?? 'passed'], countsOf(tested.cells, shownOrder))}`;
  });

  const sections = [
    opening(run, pen),
    counts.join('\n'),
    ...(['failed', 'errored', 'missing', 'blocked'] as const).map((shown) =>
      trouble(
        shown,
        cells.filter((cell) => cell.shown === shown),
        { ...pen, place, command: run.command },
      ),
    ),
    known(run, pen),
    marked(cells, pen),
    skips(cells, pen),
    support(run, pen),
    closing(run, cells, place),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function opening(run: Run, { paint, cut }: Pen): string {
  const ending = endingOf(run);
  return [
    paint('bold', cut(`run ${run.id}`)),
    ...run.modified.map((change) => paint('yellow', cut(`modified by hand, never published: ${change}`))),
    ...(ending ? [paint('yellow', cut(ending))] : []),
    ...kataWords(run).map((line) => cut(line)),
  ].join('\n');
}

function known(run: Run, { paint, cut }: Pen): string {
  const lines = knownIssueLines(run).map((line) => `  ${cut(line)}`);
  return lines.length > 0 ? [paint('yellow', 'Known issues'), ...lines].join('\n') : '';
}

function marked(cells: readonly TestedCell[], { paint, cut }: Pen): string {
  const lines = cells
    .filter((tested) => tested.shown === 'passed' && shownWord(tested) !== 'passed')
    .map((tested) => `  ${cut(`${tested.cell.id}  ${shownWord(tested)}: ${reasonOf(tested)}`)}`);
  return lines.length > 0 ? [paint('yellow', 'Passed, but'), ...lines].join('\n') : '';
}

function skips(cells: readonly TestedCell[], { paint, cut }: Pen): string {
  const reasons = Map.groupBy(
    cells.filter(({ shown }) => shown === 'skipped'),
    (tested) => reasonOf(tested) ?? '',
  );
  const lines = [...reasons].flatMap(([reason, same]) => [
    `  ${cut(reason)}`,
    ...placed(same).map((line) => paint('dim', `    ${cut(line)}`)),
  ]);
  return lines.length > 0 ? [paint('dim', 'Skipped'), ...lines].join('\n') : '';
}

/** A few by their ids, many by their stacks, most of a stack by their number: summary.md has them all. */
function placed(cells: readonly TestedCell[]): readonly string[] {
  if (cells.length <= 4) {
    return cells.map(({ cell }) => cell.id);
  }
  const places = Map.groupBy(cells, ({ cell }) => placeOf(cell));
  return [...places].map(([place, same]) =>
    same.length > 6
      ? `${place}  ${same.length} scenarios`
      : `${place}  ${same.map(({ cell }) => cell.scenario).join(' ')}`,
  );
}

function support(run: Run, { paint, cut }: Pen): string {
  const { releases, policy } = matrixOf([run], { today: dayOf(run) });
  const all = releases.flatMap(({ stacks }) => stacks);
  const width = Math.max(0, ...all.map(({ release, stack }) => `${release}/${stack}`.length));
  const lines = all.map((one) => {
    const word = paint(wordColor(testedWord(one)), printed(one));
    // Why a part is not packaged was said among the skips.
    const isTold = isGood(testedWord(one)) || testedWord(one) === 'not-packaged';
    const why = isTold ? '' : `\n    ${paint('dim', cut(one.reason))}`;
    return `  ${`${one.release}/${one.stack}`.padEnd(width)}  ${word}${why}`;
  });
  return lines.length > 0 ? [`Support, by policy ${policy}`, ...lines].join('\n') : '';
}

function wordColor(word: Word): Color {
  if (isGood(word)) {
    return 'green';
  }
  return word === 'broken' || word === 'known-issue' ? 'red' : 'dim';
}

/**
 * What goes on with a run, by its folder as the reader may type it, and with what of it; undefined where that can't be, or
 * need not. One that ended by itself has no finding where the deciding went wrong: going on with it may help, and may not.
 */
export function resumeOf(run: Run, folder: string): string | undefined {
  const open = run.plan.batches
    .flatMap(({ cells }) => cells)
    .some(({ id }) => (outcomeOf(run, id)?.status ?? 'errored') === 'errored');
  const isCut = run.endedAt === undefined || run.interrupted !== undefined;
  const unexplained = isCut && remaining(run).some(({ undiagnosed }) => undiagnosed);
  const what = open ? 'has no verdict' : 'was not looked into';
  return (open || unexplained) &&
    !run.command.some((word) => /^--(prepare(-cold)?|with-package|with-repo|enable-repo)$/.test(word))
    ? `go on with what ${what}: ${commandOf(['--resume', folder])}`
    : undefined;
}

function closing(run: Run, cells: readonly TestedCell[], place: string): string {
  const wall = wallTime(run);
  const took = wall === undefined ? '' : ` in ${durationOf(wall)}`;
  const resume = resumeOf(run, place);
  return [
    `${countsOf(cells, shownOrder) || 'nothing was planned'}${took}`,
    `everything is in ${place}/`,
    ...(resume ? [resume] : []),
  ].join('\n');
}
