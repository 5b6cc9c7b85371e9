import type { CellId } from '../domain/cell.ts';
import type { Finding } from '../domain/finding.ts';
import { type Matrix, matrixOf } from '../domain/matrix.ts';
import type { Run } from '../domain/run.ts';
import { dayOf } from '../domain/run-day.ts';
import { printed, type Support } from '../domain/support.ts';
import { plain } from '../domain/text.ts';
import type { Report } from './report.ts';

/** The version of matrix.json: `version` in it. */
export const MATRIX_VERSION = 1;

export const json: Report = (run) => [
  {
    path: 'matrix.json',
    text: matrixText(matrixOf([run], { today: dayOf(run) }), run.modified, findingsOf(run)),
  },
];

/** Whose fault each failure of a run is. */
export interface CellFinding {
  readonly cell: CellId;
  readonly finding: Finding;
}

function findingsOf({ results }: Run): readonly CellFinding[] {
  return [...results].flatMap(([cell, { finding }]) => (finding ? [{ cell, finding }] : []));
}

/**
 * A matrix as a file, with every word as people read it beside its parts. `modified`: what was changed by hand.
 * `findings`: of one run's cells.
 */
export function matrixText(
  matrix: Matrix,
  modified: readonly string[] = [],
  findings: readonly CellFinding[] = [],
): string {
  const shown = (support: Support) => ({ printed: printed(support), ...support });
  const { policy, asOf, releases, issues, evidence } = matrix;
  const file = {
    version: MATRIX_VERSION,
    policy,
    asOf,
    ...(modified.length > 0 && { modified }),
    releases: releases.map(({ distro, headline, stacks, versions }) => ({
      ...distro,
      headline: printed(headline),
      versions,
      stacks: stacks.map(shown),
    })),
    ...(findings.length > 0 && { findings }),
    ...(issues && { issues }),
    evidence,
  };
  return `${JSON.stringify(file, clean, 2)}\n`;
}

/** Terminals obey some control characters that JSON leaves as they are. */
function clean(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? plain(value) : value;
}
