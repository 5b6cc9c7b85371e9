import type { Finding } from '../domain/finding.ts';
import { oneLine, plain } from '../domain/text.ts';
import { componentWords, confidenceWords } from './fault-words.ts';
import { evidenceFolder, type TestedCell } from './tested.ts';
import { reasonOf } from './words.ts';

/** A file of a run, and the numbers of its lines that speak. */
export interface ShownLog {
  /** Below the run's folder. */
  readonly file: string;
  readonly text: string;
  readonly speaking: readonly number[];
}

/** So many characters of a red are published, so many of one file, and of one line. */
const mostOfAll = 64_000;
const mostOfFile = 40_000;
const mostOfLine = 1000;
/** Around a line that speaks. */
const around = 20;

/** What a red left, as a text that anybody may read: what came of it, why, and its files with the numbers of their lines. */
export function exhibitText(run: string, tested: TestedCell, logs: readonly ShownLog[]): string {
  const { cell, shown, result } = tested;
  const finding = result?.finding;
  const folder = evidenceFolder(tested);
  const head: readonly (readonly [string, string])[] = [
    ['cell', cell.id],
    ['run', run],
    ['came out', `${shown}: ${reasonOf(tested) ?? ''}`],
    ...(finding ? findingLines(finding) : []),
    ...(folder === undefined ? [] : [['folder', `${run}/${folder}`] as const]),
  ];
  let room = mostOfAll;
  const files = logs.map(({ file, text, speaking }) => {
    const body = numbered(text.trimEnd().split('\n'), new Set(speaking), Math.min(room, mostOfFile)).join(
      '\n',
    );
    room -= body.length;
    return `\n==> ${file}\n${body}`;
  });
  const lines = head.map(([name, value]) => `${name.padEnd(9)}${oneLine(value, mostOfLine)}`);
  return `${[...lines, ...files].join('\n')}\n`;
}

function findingLines({ component, confidence, because }: Finding): readonly (readonly [string, string])[] {
  return [
    ['owner', `${component}, ${componentWords[component]}`],
    ...(confidence ? [['trust', `${confidence}: ${confidenceWords[confidence]}`] as const] : []),
    ...because.map((one, index) => [index === 0 ? 'because' : '', one] as const),
  ];
}

/** All lines where they are few; else the end, the beginning, and what stands around those that speak. */
function numbered(lines: readonly string[], speaking: ReadonlySet<number>, room: number): readonly string[] {
  const kept = keptOf(lines, speaking, room);
  const width = String(lines.length).length;
  let last = 0;
  const told: string[] = [];
  for (const number of kept) {
    if (number > last + 1) {
      told.push(`… ${leftOut(number - last - 1)}`);
    }
    const mark = speaking.has(number) ? '>' : ' ';
    told.push(`${mark}${String(number).padStart(width)}  ${shownLine(lines[number - 1] ?? '')}`.trimEnd());
    last = number;
  }
  return last < lines.length ? [...told, `… ${leftOut(lines.length - last)}`] : told;
}

/** As it stands there, less what a terminal would obey. */
function shownLine(line: string): string {
  const cut = plain(line.slice(0, mostOfLine)).replaceAll('\n', ' ').trimEnd();
  return line.length > mostOfLine ? `${cut} … (cut: ${line.length} characters)` : cut;
}

const leftOut = (count: number) => (count === 1 ? '1 line is left out' : `${count} lines are left out`);

/** The numbers of lines that fit, those that matter most first, then in order. */
function keptOf(lines: readonly string[], speaking: ReadonlySet<number>, most: number): readonly number[] {
  const near = [...speaking].flatMap((line) =>
    Array.from({ length: 2 * around + 1 }, (_, index) => line - around + index),
  );
  const all = lines.map((_, index) => index + 1);
  const wanted = [...speaking, ...near, ...all.slice(0, around), ...all.toReversed()];
  const kept = new Set<number>();
  let room = most;
  for (const number of wanted) {
    const line = lines[number - 1];
    if (line === undefined || kept.has(number)) {
      continue;
    }
    room -= Math.min(line.length, mostOfLine) + 10;
    if (room < 0) {
      break;
    }
    kept.add(number);
  }
  return [...kept].toSorted((a, b) => a - b);
}
