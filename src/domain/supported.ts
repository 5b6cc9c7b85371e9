import { daysBetween } from './days.ts';
import type { Bench, Law } from './judge.ts';
import { daysOf, flakesOf, type Night, nightsOf } from './nights.ts';
import type { Witness } from './witness.ts';

/** What a stack whose required cells are green still lacks of `supported`, in words; undefined: nothing. */
export function lackOf(bench: Bench, law: Law): string | undefined {
  const { spared } = law.policy.kata;
  const awaited = bench.kata.filter((one) => !spared.some((id) => one.cell.endsWith(`/${id}`)));
  const unrun = awaited.find(({ observation }) => observation?.outcome?.status !== 'passed');
  if (unrun) {
    return `${scenarioOf(unrun)} was not run`;
  }
  if (!isColdGreen(bench)) {
    return `${scenarioOf(bench.cold)} was not green on this stack`;
  }

  for (const witness of bench.required) {
    const lack = nightsLack(witness, law) ?? flakesLack(witness, law);
    if (lack !== undefined) {
      return `${scenarioOf(witness)} ${lack}`;
    }
  }
  return undefined;
}

/** The newest nights on different days are plainly green, near each other, and each on a template of its own. */
function nightsLack({ observation }: Witness, { all, policy, rolling }: Law): string | undefined {
  if (observation?.attempts.length === 0) {
    return undefined;
  }
  const { nights: asked } = policy.supported;
  const nights = observation ? daysOf(nightsOf(all, observation)).slice(0, asked) : [];
  const isGreen = nights.length === asked && nights.every(({ status }) => status === 'passed');
  if (!isGreen || !isNear(nights, policy.freshness[rolling ? 'rolling' : 'stable'].fresh)) {
    return `was not green ${asked} nights in a row`;
  }
  const templates = new Set(nights.map(({ template }) => template).filter((template) => template !== '-'));
  return templates.size < asked ? `was not green on ${asked} templates` : undefined;
}

function isNear(nights: readonly Night[], days: number): boolean {
  return nights.every((night, index) => {
    const later = nights[index - 1];
    return later === undefined || (later.run !== night.run && daysBetween(night.at, later.at) <= days);
  });
}

function flakesLack({ observation }: Witness, { all, policy }: Law): string | undefined {
  const { flaky, of } = flakesOf(observation ? nightsOf(all, observation) : []);
  return flaky > of * policy.supported.flakes ? `was flaky in ${flaky} of ${of} nights` : undefined;
}

function isColdGreen({ stack, cold: { observation } }: Bench): boolean {
  if (!observation || observation.attempts.length === 0) {
    return false;
  }
  if (observation.cell.stack === stack) {
    return observation.outcome?.status === 'passed';
  }
  const told = String(observation.facts[`cold.${stack}`] ?? '');
  return told !== '' && !told.startsWith('failed');
}

function scenarioOf({ cell }: Witness): string {
  return cell.slice(cell.lastIndexOf('/') + 1);
}
