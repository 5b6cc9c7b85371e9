import type { CellId } from '../domain/cell.ts';
import type { Finding } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Facts } from '../domain/result.ts';
import type { Run } from '../domain/run.ts';
import { type Answer, answerOf, sentenceOf } from './answer.ts';
import { changedFor } from './by-hand.ts';
import type { Excerpt } from './excerpt.ts';
import { componentWords, confidenceWords } from './fault-words.ts';
import { type NextStep, nextSteps } from './next-steps.ts';
import { type Since, versionsOf } from './since.ts';
import { evidenceFolder, type Shown, type TestedCell } from './tested.ts';
import { type TrialRow, trialRows } from './trial-rows.ts';
import { reasonOf } from './words.ts';

/** Everything that is told of one cell of one run, as plain data: `explain --json` prints it. */
export interface Explanation {
  readonly cell: CellId;
  readonly run: string;
  /** Of the run, as the reader may type it. */
  readonly folder: string;
  readonly startedAt: string;
  /** What was changed by hand in that run, as far as this cell can have met it. */
  readonly modified: readonly string[];
  readonly status: Shown;
  readonly answer: Answer;
  /** The answer in a sentence. */
  readonly says: string;
  /** What the scenario, or the farm, said. */
  readonly reason?: string;
  readonly outcome?: Outcome;
  readonly finding?: Finding & { readonly componentMeans: string; readonly confidenceMeans?: string };
  readonly trials: readonly TrialRow[];
  /** The cell that was looked into for this one as well: the experiments are its own. */
  readonly lookedInto?: CellId;
  readonly evidence: readonly Excerpt[];
  /** The end of its transcript, where no line speaks for a finding. */
  readonly tail?: Excerpt;
  readonly since: Since;
  /** Runs that began later and saw it green. */
  readonly greenSince?: string;
  readonly versions: Facts;
  /** What the last attempt left, below the run's folder. */
  readonly files: readonly string[];
  readonly next: readonly NextStep[];
}

/** What only disks know: read by whoever asks for an explanation. */
export interface Gathered {
  readonly folder: string;
  readonly evidence: readonly Excerpt[];
  readonly tail?: Excerpt | undefined;
  readonly since: Since;
  readonly greenSince?: string | undefined;
}

export function explanationOf(
  run: Run,
  tested: TestedCell,
  { folder, evidence, tail, since, greenSince }: Gathered,
): Explanation {
  const { cell, outcome, result, shown } = tested;
  const finding = result?.finding;
  const last = evidenceFolder(tested);
  const reason = reasonOf(tested);
  const looked = lookedInto(run, tested);

  return {
    cell: cell.id,
    run: run.id,
    folder,
    startedAt: run.startedAt,
    modified: changedFor(run, cell),
    status: shown,
    answer: answerOf(tested),
    says: sentenceOf(tested),
    ...(reason && { reason }),
    ...(outcome && { outcome }),
    ...(finding && { finding: withMeaning(finding) }),
    trials: trialRows(result?.attempts ?? [], (looked?.result ?? result)?.trials ?? []),
    ...(looked && { lookedInto: looked.cell }),
    evidence,
    ...(tail && { tail }),
    since,
    ...(greenSince !== undefined && { greenSince }),
    versions: withMore(versionsOf(run, cell.id), finding?.versions ?? {}),
    files: (result?.files ?? []).filter((path) => last !== undefined && path.startsWith(last)),
    next: nextSteps(run, tested, folder),
  };
}

/** Where a failure was taken for that of another cell, its reasoning names the one that experiments were made on. */
function lookedInto(run: Run, { result }: TestedCell) {
  const because = result?.finding?.because ?? [];
  if (because.length === 0 || (result?.trials ?? []).length > 0) {
    return undefined;
  }
  const words = new Set(because.join(' ').split(/[\s,:;]+/));
  const [found] = [...run.results].filter(([id, { trials }]) => words.has(id) && trials?.length);
  return found && { cell: found[0], result: found[1] };
}

/** What a finding adds: a version that is there already, by its package's name say, is not told twice. */
function withMore(versions: Facts, more: Facts): Facts {
  const known = Object.values(versions).map(String);
  const added = Object.entries(more).filter(
    ([, value]) => !known.some((one) => one === String(value) || one.endsWith(` ${value}`)),
  );
  return { ...versions, ...Object.fromEntries(added) };
}

function withMeaning(finding: Finding): NonNullable<Explanation['finding']> {
  const { component, confidence } = finding;
  return {
    ...finding,
    componentMeans: componentWords[component],
    ...(confidence && { confidenceMeans: confidenceWords[confidence] }),
  };
}
