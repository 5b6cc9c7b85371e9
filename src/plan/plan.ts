import { type Cell, cellOf } from '../domain/cell.ts';
import type { Distro } from '../domain/distro.ts';
import type { KataBuild } from '../domain/kata.ts';
import type { Batch, Plan, PlannedCell, SkippedCell } from '../domain/plan.ts';
import { allStacksOf, groupOf, groups, needsKata, type ScenarioSpec } from '../domain/scenario.ts';
import { stacks as everyStack, type StackId } from '../domain/stack.ts';
import { offerFor, type ProviderOffers } from './offers.ts';
import { type Candidate, whyNot } from './why-not.ts';

export interface PlanInput {
  readonly distros: readonly Distro[];
  readonly scenarios: readonly ScenarioSpec[];
  readonly providers: readonly ProviderOffers[];
  /** Only these; all unless given. */
  readonly stacks?: readonly StackId[] | undefined;
  /** What cells that need Kata are run with: one cell for each. */
  readonly katas: readonly KataBuild[];
  /** Why there is none; missing where there is one. */
  readonly noKata?: string | undefined;
}

/**
 * Crosses releases, scenarios and their stacks. Every cell lands in its release's batch, or is skipped for a reason
 * given. The same input gives the same plan: cold cells first, as they take longest, then by group and stack.
 */
export function plan(input: PlanInput): Plan {
  const planned = input.distros.map((distro) => planRelease(distro, input));

  return {
    batches: planned.flatMap(({ batch }) => batch ?? []),
    skipped: planned.flatMap(({ skipped }) => skipped),
    ...(input.katas.length > 0 && { katas: input.katas }),
  };
}

/** How many cells a plan would run, of all or of those that `where` holds for. */
export function executedCount({ batches }: Plan, where: (cell: Cell) => boolean = () => true): number {
  return batches.flatMap(({ cells }) => cells).filter(where).length;
}

function planRelease(distro: Distro, input: PlanInput): { batch?: Batch; skipped: readonly SkippedCell[] } {
  const candidates = candidatesOf(distro, input);
  const offer = offerFor(distro.id, input.providers);

  if ('because' in offer) {
    return { skipped: candidates.map(({ cell }) => ({ cell, because: offer.because })) };
  }

  const judged = candidates.map((candidate) => ({
    ...candidate,
    because: whyNot(candidate, distro, offer, input),
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
function candidatesOf(distro: Distro, { scenarios, stacks: asked, katas }: PlanInput): readonly Candidate[] {
  const order = everyStack.map(({ id }) => id);
  const wanted = order.filter((id) => !asked || asked.includes(id));

  return scenarios
    .flatMap((scenario) =>
      wanted
        .filter((stack) => allStacksOf(scenario.on, order).includes(stack))
        .flatMap((stack) =>
          labelsOf(scenario, katas).map((label) => ({
            scenario,
            cell: cellOf(distro.id, stack, scenario.id, label),
          })),
        ),
    )
    .toSorted(
      (a, b) =>
        Number(b.scenario.machine === 'cold') - Number(a.scenario.machine === 'cold') ||
        groups.indexOf(groupOf(a.scenario.id)) - groups.indexOf(groupOf(b.scenario.id)) ||
        order.indexOf(a.cell.stack) - order.indexOf(b.cell.stack) ||
        (a.scenario.id < b.scenario.id ? -1 : 1),
    );
}

/** The planned cell that a control's id means to `cell`: on the same stack with the same Kata, else on the first that has it. */
function groundOf(id: ScenarioSpec['id'], cell: Cell, kept: readonly Candidate[]): Cell | undefined {
  const grounds = kept.map((candidate) => candidate.cell).filter(({ scenario }) => scenario === id);
  const same = grounds.filter(({ kata }) => !needsKata({ id }) || kata === cell.kata);
  return same.find(({ stack }) => stack === cell.stack) ?? same[0];
}

/** One cell for each Kata, where a scenario needs one. */
function labelsOf(scenario: ScenarioSpec, katas: readonly KataBuild[]): readonly (string | undefined)[] {
  return needsKata(scenario) && katas.length > 0 ? katas.map(({ label }) => label) : [undefined];
}
