import type { Batch } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import { needsKata } from '../domain/scenario.ts';
import { UserError } from '../errors.ts';
import type { Planned } from './planned.ts';

/** Katas that are not what they were when the run began: a folder that was built anew, say. */
export function changedKatas({ plan }: Run, { katas }: Planned): readonly string[] {
  const digests = new Map(katas.map(({ build }) => [build.label, build.digest]));
  return (plan.katas ?? [])
    .filter(({ label, digest }) => digests.get(label) !== digest)
    .map(({ label, source }) => `Kata ${label ?? source}`);
}

/** Throws a UserError where what is left needs a Kata that was at hand, and is not any more. */
export function ensureKatas(batches: readonly Batch[], { katas }: Planned, ref: string): void {
  const had = katas.map(({ build }) => build.label);
  const lost = batches
    .flatMap(({ cells }) => cells)
    .find(({ scenario, kata }) => needsKata({ id: scenario }) && !had.includes(kata));
  if (lost) {
    throw new UserError(`cannot go on with ${ref}: the Kata of ${lost.id} is not to be had any more`, {
      exitCode: 3,
    });
  }
}
