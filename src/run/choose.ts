import { type Budget, durationOf, fits } from './budget.ts';
import type { Want } from './capacity.ts';
import { chainOf, type Moment, urgencyOf } from './rank.ts';

export interface Waiting {
  readonly want: Want;
  readonly priority: number;
  /** In the order in which they were asked for. */
  readonly number: number;
}

/** The first of those that fit alike. */
export interface Head {
  readonly item: Waiting;
  /** How often something else was started while it did not fit. */
  readonly passedOver: number;
}

export interface Choice<H> {
  readonly best: H | undefined;
  /** Those that would have to wait for room. */
  readonly unfit: readonly H[];
  /** Something would fit, had the host the memory that it was said to have. */
  readonly short: boolean;
}

/** How often what does not fit is passed over before it goes first when it does, which costs no room. */
const leadAfter = 16;
/** And before room is kept empty for it. No more than one start in so many is had that way: an idle host costs more. */
export const patience = 64;

/**
 * What is started next, if anything. What was passed over most often, and too often, has a reservation: meanwhile
 * others are started only if they are expected to be over before it can begin, or fit beside it even then.
 */
export function choose<H extends Head>(
  heads: readonly H[],
  moment: Moment & { readonly sinceKept: number },
  now: number,
): Choice<H> {
  const { budget, sinceKept } = moment;
  const room = budget.roomNow();
  const unfit: H[] = [];
  const able: H[] = [];
  let eldest: H | undefined;
  for (const head of heads) {
    (fits(head.item.want.weight, room) ? able : unfit).push(head);
    if (head.passedOver >= Math.max(patience, (eldest?.passedOver ?? 0) + 1)) {
      eldest = head;
    }
  }
  // Room is kept for one alone: two that wait for it would keep it from each other.
  const held = eldest && unfit.includes(eldest) ? eldest : undefined;
  if (eldest && !held) {
    return { best: eldest, unfit, short: false };
  }

  const admits = held && sinceKept >= patience ? besides(held.item.want, budget, now) : () => true;
  let best: { readonly head: H; readonly urgency: number } | undefined;
  for (const head of able) {
    const urgency =
      head.passedOver >= leadAfter ? Number.POSITIVE_INFINITY : urgencyOf(head.item.want, moment);
    const isBetter =
      !best || urgency > best.urgency || (urgency === best.urgency && isBefore(head.item, best.head.item));
    if (isBetter && admits(head.item.want)) {
      best = { head, urgency };
    }
  }
  const short = !best && unfit.some(({ item }) => fits(item.want.weight, budget.room));
  return { best: best?.head, unfit, short };
}

/** Among equally urgent work: what was put first, then the longest chain, then who asked first. */
export function isBefore(a: Waiting, b: Waiting): boolean {
  if (a.priority !== b.priority) {
    return a.priority > b.priority;
  }
  const isFirst = a.want.first === true;
  if (isFirst !== (b.want.first === true)) {
    return isFirst;
  }
  const longer = chainOf(a.want) - chainOf(b.want);
  return longer === 0 ? a.number < b.number : longer > 0;
}

function besides(held: Want, budget: Budget, now: number): (want: Want) => boolean {
  const { at, beside } = budget.whenFits(held.weight);
  // It would fit already, were the host not short of memory: what there is of that is kept.
  const kept = fits(held.weight, budget.room) ? budget.roomNow().memoryMiB - held.weight.memoryMiB : Infinity;
  return (want) =>
    now + durationOf(want) <= at || (fits(want.weight, beside) && want.weight.memoryMiB <= kept);
}
