import { type CellId, cellFrom } from '../domain/cell.ts';
import type { Finding } from '../domain/finding.ts';
import type { Errored, Failed } from '../domain/outcome.ts';
import { isFailure } from '../domain/remaining.ts';
import { withoutFigures } from '../domain/text.ts';
import type { Farm } from './farm.ts';
import type { Ledger } from './ledger.ts';

export interface Failure {
  readonly cell: CellId;
  readonly outcome: Failed | Errored;
}

/** What failed alike, and is looked into once. */
export interface Cause {
  /** The one that is looked into, or was before the run was gone on with. */
  readonly first: Failure;
  /** Without a finding yet, as the first is. */
  readonly others: readonly Failure[];
  /** What was found of the first before. */
  readonly found?: Finding;
}

/** A batch's failures that have no finding yet, those of before the run was gone on with among them, by their causes. */
export function causesOf({ past }: Pick<Farm, 'past'>, ledger: Ledger): readonly Cause[] {
  const failures = ledger.cells.flatMap((cell): Failure[] => {
    const { outcome } = ledger.of(cell);
    return isFailure(outcome) ? [{ cell, outcome }] : [];
  });
  const before = ({ cell, outcome }: Failure) =>
    past.get(cell)?.outcome === outcome ? past.get(cell) : undefined;

  return [...Map.groupBy(failures, causeOf).values()].flatMap((alike): readonly Cause[] => {
    // The one that experiments were made for before is looked into further: they are not made again for another.
    const [first, ...others] = alike
      .filter((one) => !before(one)?.finding)
      .toSorted((a, b) => (before(b)?.trials?.length ?? 0) - (before(a)?.trials?.length ?? 0));
    if (!first) {
      return [];
    }
    const known = alike.find((one) => before(one)?.finding?.because[0]?.startsWith(failedAs) === false);
    const found = known && before(known)?.finding;
    return [known && found ? { first: known, others: [first, ...others], found } : { first, others }];
  });
}

const failedAs = 'it failed as ';

/** The reasoning of a cell that another one was looked into for. */
export function becauseOf({ cell }: Failure, { because }: Finding): readonly string[] {
  return [`${failedAs}${cell} did, which was looked into for both`, ...because];
}

/** What fails alike has one cause: on the same stack, with the same words, whatever numbers stand in them. */
function causeOf({ cell, outcome }: Failure): string {
  const { stack, kata = '' } = cellFrom(cell);
  const kind = outcome.status === 'failed' ? (outcome.class ?? '') : outcome.phase;
  return JSON.stringify([stack, kata, outcome.status, kind, withoutFigures(outcome.message)]);
}
