import type { BatchId } from '../domain/plan.ts';
import { type Budget, durationOf } from './budget.ts';
import { mostOf, type Want, type WorkKind } from './capacity.ts';

/**
 * How urgent work is: what ends a release's stay on the host comes first. A template waits for clones in hand, a
 * cold boot for templates, as many cells wait for those; an image comes when nothing else can be done.
 */
const urgency: Readonly<Record<WorkKind, number>> = { clone: 4, proof: 3, template: 2, cold: 1, image: 0 };
/** Of a lane that has its fair share: behind templates, since other releases' cells wait for those. */
const overShare = 1.5;
/** Of a preparation or a cold boot that must begin now, or machines would stand idle until it has ended; a template still first. */
const due = 10;

/** Between more and less urgent: how the host is used at this moment. */
export interface Moment {
  /** Work in cells and proofs that wait to be started, in milliseconds on one machine each. */
  readonly inHandMs: number;
  readonly budget: Budget;
  /** Releases that have more under way or waiting than an image. */
  readonly lanes: ReadonlyMap<BatchId, number>;
  /** What runs at this moment: clones and proofs by lane, preparations and cold boots. */
  readonly running: { readonly inLane: ReadonlyMap<BatchId, number>; readonly preparing: number };
}

export const isPreparation = ({ kind }: Want): boolean => kind === 'image' || kind === 'template';
/** A cell that boots from power-on takes as long as a preparation: begun last, it would be waited for alone. */
const isLong = (want: Want): boolean => isPreparation(want) || want.kind === 'cold';
export const isLimited = ({ kind }: Want): boolean => kind === 'clone' || kind === 'proof';

/** Its own time, and that of the longest chain that it holds up. */
export const chainOf = (want: Want): number => durationOf(want) + (want.restMs ?? 0);

export function runningIn(budget: Budget): Moment['running'] {
  const inLane = new Map<BatchId, number>();
  let preparing = 0;
  for (const { want } of budget.charges) {
    if (isLimited(want)) {
      inLane.set(want.lane, (inLane.get(want.lane) ?? 0) + 1);
    }
    preparing += isLong(want) ? 1 : 0;
  }
  return { inLane, preparing };
}

/**
 * How urgent a want is now; higher goes first. Two things depend on the moment. A release that uses its fair share of
 * the machines lets others' templates pass. And a preparation or a cold boot is due once the cells in hand would be over
 * before its own chain is: then it goes first, on at most half of the machines, so that others' cells go on beside it.
 */
export function urgencyOf(want: Want, moment: Moment): number {
  const { budget, inHandMs, lanes, running } = moment;
  const machines = mostOf(want.weight, budget.capacity);
  const usual = urgency[want.kind];

  if (isLong(want)) {
    const mayLead = running.preparing < Math.floor(machines / 2);
    return mayLead && inHandMs / machines < chainOf(want) ? due + usual : usual;
  }
  if (want.kind === 'clone' && lanes.size > 1) {
    const share = Math.ceil(machines / lanes.size);
    return (running.inLane.get(want.lane) ?? 0) < share ? usual : overShare;
  }
  return usual;
}
