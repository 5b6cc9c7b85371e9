import type { Stored } from '../machine/store.ts';

/** How long what nobody uses stays, in milliseconds. */
export interface Patience {
  /** Images, templates and Katas, since they were last used. */
  readonly unusedMs: number;
  /** Kept machines, since they were made. */
  readonly keptMs: number;
}

export const dayMs = 86_400_000;

/** A machine that a run kept is there for a week. */
export const usualPatience: Patience = { unusedMs: 14 * dayMs, keptMs: 7 * dayMs };

/** What is to go, in the order in which it can: what rests on something else before that. */
const order = ['kept', 'template', 'image', 'kata'] as const satisfies readonly Stored['kind'][];

/** What of a store nobody will miss. What is in use is left alone, however old. */
export function expired(
  items: readonly Stored[],
  { unusedMs, keptMs }: Patience,
  now: Date,
): readonly Stored[] {
  const age = (time: string) => now.getTime() - Date.parse(time);
  const gone = items.filter(({ kind, madeAt, usedAt, inUse }) => {
    if (inUse) {
      return false;
    }
    return kind === 'kept' ? age(madeAt) >= keptMs : age(usedAt) >= unusedMs;
  });
  return order.flatMap((kind) => gone.filter((item) => item.kind === kind));
}
