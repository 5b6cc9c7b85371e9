import { type Cell, cellOf } from '../domain/cell.ts';
import { type Distro, isPackaged } from '../domain/distro.ts';
import type { Batch, Plan, PlannedCell, SkippedCell } from '../domain/plan.ts';
import { policy } from '../domain/policy.ts';
import { allStacksOf, groupOf, groups, type ScenarioSpec } from '../domain/scenario.ts';
import { stacks as everyStack, type Part, parts, type StackId, stackOf } from '../domain/stack.ts';
import { type OfferData, offerFor, type ProviderOffers } from './offers.ts';

export interface PlanInput {
  readonly distros: readonly Distro[];
  readonly scenarios: readonly ScenarioSpec[];
  readonly providers: readonly ProviderOffers[];
  /** Only these; all unless given. */
  readonly stacks?: readonly StackId[] | undefined;
  /** `none`: cells that need Kata are skipped. */
  readonly kata: KataSource;
}

/** Where Kata comes from: nowhere, the distro's own package, a release, a tarball, a tree, a pull request. */
export type KataSource =
  | 'none'
  | 'distro'
  | `upstream:${string}`
  | `file:${string}`
  | `dir:${string}`
  | `pr:${number}`;

/**
 * Crosses releases, scenarios and their stacks. Every cell lands in its release's batch, or is skipped for a reason
 * given. The same input gives the same plan: cold cells first, as they take longest, then by group and stack.
 */
export function plan(input: PlanInput): Plan {
  const planned = input.distros.map((distro) => planRelease(distro, input));

  return {
    batches: planned.flatMap(({ batch }) => batch ?? []),
    skipped: planned.flatMap(({ skipped }) => skipped),
  };
}

/** How many cells a plan would run, of all or of those that `where` holds for. */
export function executedCount({ batches }: Plan, where: (cell: Cell) => boolean = () => true): number {
  return batches.flatMap(({ cells }) => cells).filter(where).length;
}

interface Candidate {
  readonly cell: Cell;
  readonly scenario: ScenarioSpec;
}

function planRelease(distro: Distro, input: PlanInput): { batch?: Batch; skipped: readonly SkippedCell[] } {
  const candidates = candidatesOf(distro, input);
  const offer = offerFor(distro.id, input.providers);

  if ('because' in offer) {
    return { skipped: candidates.map(({ cell }) => ({ cell, because: offer.because })) };
  }

  const judged = candidates.map((candidate) => ({
    ...candidate,
    because: whyNot(candidate, distro, offer, input.kata),
  }));
  const skipped = judged.flatMap(({ cell, because }) => (because ? [{ cell, because }] : []));
  const kept = judged.filter(({ because }) => !because);

  if (kept.length === 0) {
    return { skipped };
  }

  const { provider, variant, memoryMiB } = offer;
  const cells = kept.map(({ cell, scenario }): PlannedCell => {
    const restsOn = scenario.restsOn.flatMap((id) => groundOf(id, cell, kept)?.id ?? []);
    return { ...cell, machine: scenario.machine, restsOn };
  });

  return {
    batch: { id: `${distro.id}/${variant}`, distro: distro.id, provider, variant, memoryMiB, cells },
    skipped,
  };
}

/** Every cell of a release that was asked for, in the order in which it is to be run. */
function candidatesOf(distro: Distro, { scenarios, stacks: asked }: PlanInput): readonly Candidate[] {
  const order = everyStack.map(({ id }) => id);
  const wanted = order.filter((id) => !asked || asked.includes(id));

  return scenarios
    .flatMap((scenario) =>
      wanted
        .filter((stack) => allStacksOf(scenario.on, order).includes(stack))
        .map((stack) => ({ scenario, cell: cellOf(distro.id, stack, scenario.id) })),
    )
    .toSorted(
      (a, b) =>
        Number(b.scenario.machine === 'cold') - Number(a.scenario.machine === 'cold') ||
        groups.indexOf(groupOf(a.scenario.id)) - groups.indexOf(groupOf(b.scenario.id)) ||
        order.indexOf(a.cell.stack) - order.indexOf(b.cell.stack) ||
        (a.scenario.id < b.scenario.id ? -1 : 1),
    );
}

/** Why a cell is not worth starting; undefined where it is. What the distro lacks comes first: it holds for good. */
function whyNot(
  { cell, scenario }: Candidate,
  distro: Distro,
  offer: OfferData,
  kata: KataSource,
): string | undefined {
  const lacking = partsOf(scenario, cell.stack).flatMap((part) => {
    const claim = distro.parts[part];
    return isPackaged(claim) ? [] : [`${part} (${claim.notPackaged})`];
  });
  if (lacking.length > 0) {
    return `${policy.notPackaged}: ${lacking.join(', ')}`;
  }

  if (kata === 'none' && needsKata(scenario)) {
    return '--kata none';
  }

  const missing = (scenario.needs.devices ?? []).filter((device) => !offer.devices.includes(device));
  return missing.length > 0 ? `${offer.provider}: machines have no ${missing.join(', ')}` : undefined;
}

/** A stack's own parts count where Kata puts them together; a VMM alone is tried without, say, its virtiofsd. */
function partsOf(scenario: ScenarioSpec, stack: StackId): readonly Part[] {
  const own = needsKata(scenario) ? stackOf(stack).parts : [];
  return parts.filter((part) => own.includes(part) || scenario.needs.parts?.includes(part));
}

function needsKata({ id }: ScenarioSpec): boolean {
  const group = groupOf(id);
  return group === 'kata' || group === 'mapping';
}

/** The planned cell that a control's id means to `cell`: on the same stack, else on the first that has it. */
function groundOf(id: ScenarioSpec['id'], cell: Cell, kept: readonly Candidate[]): Cell | undefined {
  const grounds = kept.map((candidate) => candidate.cell).filter(({ scenario }) => scenario === id);
  return grounds.find(({ stack }) => stack === cell.stack) ?? grounds[0];
}
