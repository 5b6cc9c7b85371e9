import type { Distro } from '../../domain/distro.ts';
import type { Observation } from '../../domain/evidence.ts';
import { isHardware } from '../../domain/evidence.ts';
import type { Component, Finding } from '../../domain/finding.ts';
import type { Matrix } from '../../domain/matrix.ts';
import type { Policy } from '../../domain/policy.ts';
import { isGood, printed, type Support, testedWord, type Word } from '../../domain/support.ts';
import { witnessOf } from '../../domain/witness.ts';
import { type WhereTo, whereTo } from '../where-to.ts';
import { isVerdict } from './latest.ts';
import { isFlaky, isNewFailure, type Past } from './past.ts';

/** What cells are looked at with. */
export interface Seen {
  readonly matrix: Matrix;
  readonly past: Past;
  readonly policy: Policy;
  /** Every observation of a machine, by stack and scenario. */
  readonly greens: ReadonlyMap<string, readonly Observation[]>;
}

/** A release and a stack, as pages show it. */
export interface CellView {
  readonly support: Support;
  /** The word as people read it. */
  readonly printed: string;
  /** Life cycle and age apart: what colour and shape go by. */
  readonly word: Word;
  /** What the deciding cell showed; missing where all decided together. */
  readonly deciding?: Observation;
  /** Why it is not plainly good, on one line. */
  readonly cause?: string;
  readonly component?: Component;
  readonly where?: WhereTo;
  /** Of a known issue. */
  readonly tracker?: string;
  /** What the query language asks by `is:`, and `only-here`. */
  readonly flags: readonly string[];
}

interface About extends Seen {
  readonly distro: Distro | undefined;
  readonly observations: readonly Observation[];
}

export function cellView(support: Support, about: About): CellView {
  const word = testedWord(support);
  const deciding = decidingOf(support, about.observations);
  const finding = deciding?.finding;
  const isRed = word === 'broken' || word === 'known-issue' || deciding?.outcome?.status === 'failed';
  const cause = causeOf(support, deciding);
  const tracker = trackerOf(deciding, about.matrix);
  return {
    support,
    printed: printed(support),
    word,
    ...(deciding && { deciding }),
    ...(cause !== undefined && { cause }),
    ...(isRed && { component: finding?.component ?? 'unknown' }),
    ...(isRed && {
      where: whereTo(
        finding && { ...finding, because: [], evidence: [], versions: {} satisfies Finding['versions'] },
        { distro: about.distro, release: support.release, stack: support.stack },
      ),
    }),
    ...(tracker !== undefined && { tracker }),
    flags: flagsOf(support, deciding, about),
  };
}

function decidingOf(
  { cell, behind }: Support,
  observations: readonly Observation[],
): Observation | undefined {
  const observed = behind.find((one) => one.cell === cell)?.observed;
  return cell === undefined
    ? undefined
    : (observations.find((one) => one.cell.id === cell && one.run === observed?.run) ??
        observations.find((one) => one.cell.id === cell));
}

/** Less what stands beside it: whose fault it is, and that it is not packaged. */
function causeOf({ reason, word }: Support, deciding: Observation | undefined): string | undefined {
  const { outcome, cell } = deciding ?? {};
  if (outcome?.status === 'failed' && cell) {
    return `${cell.scenario}: ${outcome.message}`;
  }
  if (outcome?.status === 'errored' && cell) {
    return `${cell.scenario}: the farm's own trouble: ${outcome.message}`;
  }
  if (isGood(word) && word !== 'degraded') {
    return reason.includes(', and it would be more, but ') ? reason : undefined;
  }
  return reason.replace(/^not packaged by this distro: /, 'no package: ').replace(/; whose fault: .*$/, '');
}

function trackerOf(deciding: Observation | undefined, { evidence }: Matrix): string | undefined {
  const [known] = deciding?.known ?? [];
  const issues = evidence.runs.find(({ id }) => id === deciding?.run)?.knownIssues ?? [];
  return issues.find(({ id }) => id === known)?.tracker;
}

function flagsOf(support: Support, deciding: Observation | undefined, about: About): readonly string[] {
  const { basis, age, outdated, word, behind } = support;
  const standing = deciding && about.past(deciding.cell.id);
  const { asOf } = about.matrix;
  const flags: readonly (readonly [string, boolean])[] = [
    ['new-failure', isNewFailure(standing, asOf)],
    [
      'flaky',
      behind.some(
        ({ cell, observed, status }) => status === 'flaky' || (observed && isFlaky(about.past(cell))),
      ),
    ],
    ['eol', word === 'eol'],
    ['emulated', basis !== undefined && !isHardware(basis)],
    ['outdated', outdated !== undefined],
    ['fresh', age === 'fresh'],
    ['ageing', age === 'ageing'],
    ['stale', age === 'stale'],
    ['only-here', isOnlyHere(deciding, about)],
  ];
  return flags.flatMap(([flag, holds]) => (holds ? [flag] : []));
}

/** Red here, and green in every other release that it was run on. */
function isOnlyHere(deciding: Observation | undefined, { greens, policy, matrix }: Seen): boolean {
  if (deciding?.outcome?.status !== 'failed') {
    return false;
  }
  const { distro, stack, scenario } = deciding.cell;
  const all = greens.get(`${stack}/${scenario}`) ?? [];
  const cells = new Set(all.filter(({ cell }) => cell.distro !== distro).map(({ cell }) => cell.id));
  const others = [...cells].flatMap((cell) => witnessOf(cell, all, policy, matrix.asOf).observation ?? []);
  const told = others.filter(isVerdict);
  return told.length > 0 && told.every(({ outcome }) => outcome?.status === 'passed');
}
