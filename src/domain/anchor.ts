import { daysBetween } from './days.ts';
import type { DistroId } from './distro.ts';
import type { HostFacts } from './entry.ts';
import type { Basis, Evidence, Observation } from './evidence.ts';
import { newestOf } from './nights.ts';
import type { Policy } from './policy.ts';
import { needsKata, type ScenarioId } from './scenario.ts';
import type { StackId } from './stack.ts';

/** A plain green, as it shows a host's innocence where another release was red: it outlives its observation. */
export interface Anchor {
  readonly scenario: ScenarioId;
  readonly distro: DistroId;
  /** Of Kata's own scenarios: another stack says nothing of this one. */
  readonly stack?: StackId;
  readonly basis: Basis;
  /** CPU model and outer QEMU. */
  readonly host: readonly [string, string];
  /** ISO time. */
  readonly at: string;
  readonly run: string;
}

/**
 * The host anchor (policy 1): the same scenario was plainly green on another release, with this host's CPU model and
 * outer QEMU and in this speed class, not long before or after. Without it a red may be the host's.
 */
export function isAnchored(red: Observation, evidence: Evidence, policy: Policy): boolean {
  const host = red.host ?? hostsOf(evidence).get(red.run);
  if (host === undefined) {
    return false;
  }
  const { stack } = stackIn(red.cell);
  const days = reachOf(red.cell, policy);

  return (evidence.anchors ?? []).some(
    (anchor) =>
      anchor.scenario === red.cell.scenario &&
      anchor.distro !== red.cell.distro &&
      anchor.stack === stack &&
      anchor.basis === red.basis &&
      anchor.host.every((part, index) => part === host[index]) &&
      Math.abs(daysBetween(anchor.at, red.at)) <= days,
  );
}

/**
 * The anchors in all of this evidence, those that it had already included. Of each span of days, two anchor days
 * long, the first and the last of a kind are kept, and beside each the next that is of another release: whichever release is red,
 * they reach it if any between them does. So it changes nothing in which order, and in how many steps, runs are published.
 * Kata's, whose spans are short and many, go when they are much older than the newest.
 */
export function anchorsOf(many: readonly Evidence[], policy: Policy): readonly Anchor[] {
  const told = many.flatMap((evidence) => [...(evidence.anchors ?? []), ...greensOf(evidence)]);
  const newest = newestOf(told.map(({ at }) => at));
  const all = told.filter(({ stack, at }) => !stack || daysBetween(at, newest) <= policy.anchorDays);
  const spans = Map.groupBy(all, (anchor) => {
    const span = Math.floor(daysBetween('1970-01-01', anchor.at) / (2 * reachOf(anchor, policy)));
    const { scenario, stack, basis, host } = anchor;
    return JSON.stringify([scenario, ...(stack ? [stack] : []), basis, host, span]);
  });

  return [...spans].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, same]) => endsOf(same));
}

/** The first and the last, and of each end the next that is of another release, in order. */
function endsOf(anchors: readonly Anchor[]): readonly Anchor[] {
  const named = new Map(anchors.map((anchor) => [nameOf(anchor), anchor]));
  const inOrder = [...named].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, anchor]) => anchor);
  const ends = [...twoOf(inOrder), ...twoOf(inOrder.toReversed())];
  return inOrder.filter((anchor) => ends.includes(anchor));
}

function twoOf(inOrder: readonly Anchor[]): readonly Anchor[] {
  const [first] = inOrder;
  const other = inOrder.find(({ distro }) => distro !== first?.distro);
  return [...(first ? [first] : []), ...(other ? [other] : [])];
}

const nameOf = ({ at, run, distro }: Anchor) => `${at} ${run} ${distro}`;

/** How many days from itself a green can be an anchor. */
function reachOf({ scenario }: Pick<Anchor, 'scenario'>, { anchorDays, kata }: Policy): number {
  return needsKata({ id: scenario }) ? kata.anchorDays : anchorDays;
}

function greensOf(evidence: Evidence): readonly Anchor[] {
  const hosts = hostsOf(evidence);
  return evidence.observations.flatMap(({ cell, run, basis, at, outcome, host: own }) => {
    const { scenario, distro } = cell;
    const host = own ?? hosts.get(run);
    const isPlain = outcome?.status === 'passed' && !outcome.flaky;
    return host && isPlain ? [{ scenario, distro, ...stackIn(cell), basis, host, at, run }] : [];
  });
}

function stackIn({ scenario, stack }: Observation['cell']): { readonly stack?: StackId } {
  return needsKata({ id: scenario }) ? { stack } : {};
}

/** The hosts of runs, where they are known well enough to be the same as any. */
function hostsOf({ runs }: Evidence): ReadonlyMap<string, Anchor['host']> {
  return new Map(
    runs.flatMap(({ id, host }) => {
      const print = printOf(host);
      return print ? [[id, print]] : [];
    }),
  );
}

/** What makes a host the same as another; undefined where that is not known. */
export function printOf({ cpu, qemu }: HostFacts): Anchor['host'] | undefined {
  return cpu === undefined || qemu === undefined ? undefined : [String(cpu), String(qemu)];
}
