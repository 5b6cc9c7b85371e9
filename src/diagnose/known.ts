import type { EvidenceLine, Reading } from '../domain/finding.ts';
import { isMeant } from '../domain/scenario.ts';
import type { Case } from './case.ts';
import { classOf, type Table, table } from './classes.ts';
import type { FailureClass, FailurePattern } from './failure-class.ts';

/** What kind of failure it is, as far as it is known. */
export interface Known {
  /** Missing: of no kind that anybody has met. */
  readonly row?: FailureClass;
  readonly from: 'scenario' | 'words' | 'line' | 'nothing';
  readonly because: readonly string[];
  readonly evidence: readonly EvidenceLine[];
}

/** Lines of a log that are shown for a class. */
const mostLines = 5;

type Told = Pick<Case, 'cell' | 'outcome' | 'lines'>;

/**
 * The class that the scenario named, else that of the message's words, else that of a line that counts. What only
 * follows from something gives way to whatever closer is found; what needs a facility found red is nothing without.
 */
export function known(one: Told, readings: readonly Reading[] = [], of: Table = table): Known {
  const { patterns } = of;
  const { outcome } = one;
  const applies = (pattern: FailurePattern) => isConfirmed(pattern, readings) && isOfCell(pattern, one);
  const said = `${outcome.message}\n${outcome.detail ?? ''}`;
  const named = outcome.status === 'failed' ? outcome.class : undefined;
  const row = named === undefined ? undefined : (classOf(named, of) ?? unheardOf(named));
  const doubted = row && isDoubtful(row.id, patterns, one, readings);

  const inWords = patterns.filter((pattern) => applies(pattern) && pattern.match.test(said));
  const inLines = patterns.flatMap((pattern) => {
    const evidence = applies(pattern) ? one.lines.filter(({ text }) => pattern.match.test(text)) : [];
    return evidence.length > 0 ? [{ pattern, evidence: evidence.slice(0, mostLines) }] : [];
  });
  const candidates: readonly Known[] = [
    ...(row && !doubted
      ? [
          {
            row,
            from: 'scenario',
            because: [`the scenario names its kind: ${row.title}`],
            evidence: linesOf(row, inLines),
          } as const,
        ]
      : []),
    ...inWords.flatMap((pattern) => {
      const found = classOf(pattern.class, of);
      const because = [`its words are those of ${pattern.prints}`];
      return found
        ? [{ row: found, from: 'words', because, evidence: linesOf(found, inLines) } as const]
        : [];
    }),
    ...inLines.flatMap(({ pattern }) => {
      const found = classOf(pattern.class, of);
      const because = [`a line that neither the control nor the last green has is of ${pattern.prints}`];
      return found ? [{ row: found, from: 'line', because, evidence: linesOf(found, inLines) } as const] : [];
    }),
  ];
  const [first] = candidates;
  const closer = first?.row?.symptom && candidates.find((candidate) => !candidate.row?.symptom);
  const because = doubted
    ? [`${row.title}: its words alone do not tell, and the machine shows nothing of it`]
    : [];
  if (closer) {
    return {
      ...closer,
      because: [
        ...because,
        `${first.row?.title ?? ''}, which only follows from something`,
        ...closer.because,
      ],
    };
  }
  return first
    ? { ...first, because: [...because, ...first.because] }
    : { from: 'nothing', because, evidence: [] };
}

/** A class that a scenario names and that has no row yet: nobody is named by it. */
function unheardOf(id: string): FailureClass {
  return { id, title: id, blame: 'unknown', takes: 'a swap', swaps: 'all' };
}

function isConfirmed({ confirm }: FailurePattern, readings: readonly Reading[]): boolean {
  return confirm === undefined || readings.some(({ facility, ok }) => facility === confirm && ok === false);
}

function isOfCell({ cells }: FailurePattern, { cell }: Told): boolean {
  return cells === undefined || isMeant(cell.scenario, cells);
}

/** All words of the class need a facility, and none of these is red. */
function isDoubtful(
  id: string,
  patterns: readonly FailurePattern[],
  one: Told,
  readings: readonly Reading[],
): boolean {
  const own = patterns.filter((pattern) => pattern.class === id && isOfCell(pattern, one));
  return own.length > 0 && own.every((pattern) => !isConfirmed(pattern, readings));
}

interface InLines {
  readonly pattern: FailurePattern;
  readonly evidence: readonly EvidenceLine[];
}

/** Lines of a class; with those of a symptom go those of all others, as they follow from the same. */
function linesOf({ id, symptom }: FailureClass, inLines: readonly InLines[]): readonly EvidenceLine[] {
  const own = inLines.filter(({ pattern }) => pattern.class === id);
  const others = symptom ? inLines.filter(({ pattern }) => pattern.class !== id) : [];
  const shown = [...own, ...others].map(({ evidence }) => evidence);
  // Of each of the words a first line, before further ones of any.
  const inTurn = [...Array(mostLines).keys()].flatMap((turn) => shown.flatMap((lines) => lines[turn] ?? []));
  return [...new Set(inTurn)].slice(0, mostLines);
}
