import type { Confidence, Finding } from '../../src/domain/finding.ts';
import type { Fault } from './fault.ts';

/**
 * `right`: the party and the kind that were expected, or nobody where nobody was. `kind`: the right party, by another
 * kind's name. `WRONG`: somebody is blamed who has no part in it. `broken`: it did not come to a failure at all.
 */
export type Verdict = 'right' | 'kind' | 'unknown' | 'WRONG' | 'broken';

/** What came of a fault. */
export interface Named {
  readonly fault: Fault;
  /** `component class`, or `unknown`, or what it came to in place of a finding. */
  readonly named: string;
  readonly confidence?: Confidence;
  readonly seconds: number;
  readonly verdict: Verdict;
  /** Where its run is. */
  readonly folder: string;
}

/** `component class`. */
export function wordsOf({ component, class: kind }: Pick<Finding, 'component' | 'class'>): string {
  return [component, kind].filter((word) => word !== undefined).join(' ');
}

/** Whether a finding names whom it must. Pure. */
export function verdictOn({ expect }: Pick<Fault, 'expect'>, finding: Finding | undefined): Verdict {
  if (!finding || finding.component === 'unknown') {
    return expect === 'unknown' ? 'right' : 'unknown';
  }
  if (expect === 'unknown' || finding.component !== expect.component) {
    return 'WRONG';
  }
  return finding.class === expect.class ? 'right' : 'kind';
}

/** Of all that were tried, by a hundred. */
export function percentRight(all: readonly Pick<Named, 'verdict'>[]): number {
  return all.length === 0 ? 0 : (100 * all.filter(({ verdict }) => verdict === 'right').length) / all.length;
}

/** Nobody is blamed who has no part in it, and at least 90 % are named as they must be. */
export function isGood(all: readonly Pick<Named, 'verdict'>[]): boolean {
  return percentRight(all) >= 90 && !all.some(({ verdict }) => verdict === 'WRONG' || verdict === 'broken');
}

const columns = ['fault', 'expected', 'named', 'confidence', 'seconds', 'verdict'] as const;

/** The table, and the counts below it. Pure. */
export function tableOf(all: readonly Named[]): string {
  const rows = all.map(({ fault, named, confidence, seconds, verdict }) => [
    fault.id,
    fault.expect === 'unknown' ? 'unknown' : wordsOf(fault.expect),
    named,
    confidence ?? '',
    String(Math.round(seconds)),
    verdict,
  ]);
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const lines = [columns, ...rows].map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const counts = [...Map.groupBy(all, ({ verdict }) => verdict)].map(
    ([verdict, of]) => `${of.length} ${verdict}`,
  );
  return `${lines.join('\n')}\n\n${all.length} faults: ${counts.join(', ')}; ${percentRight(all).toFixed(0)} % named as they must be\n`;
}
