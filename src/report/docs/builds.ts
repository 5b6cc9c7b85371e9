import type { Distro } from '../../domain/distro.ts';
import type { Observation } from '../../domain/evidence.ts';
import { byTime } from '../../domain/fold.ts';
import type { Matrix } from '../../domain/matrix.ts';
import type { ScenarioId } from '../../domain/scenario.ts';
import type { Part } from '../../domain/stack.ts';

/** What a published run built on a release, or could not build. */
export interface Build {
  readonly part: Part;
  /** ISO date. */
  readonly on: string;
  readonly run: string;
  /** On what it was built, in words. */
  readonly where: string;
  /** Names and versions of what it was built by; missing: it did not come as far. */
  readonly toolchain?: string;
  /** File name and digest of its source; missing: it did not come as far. */
  readonly source?: string;
  /** By whom the source was put there; missing: it was fetched. */
  readonly brought?: true;
  /** What came of it. */
  readonly came:
    | { readonly commands: string; readonly result: string; readonly seconds: number }
    | { readonly failed: string };
}

const scenarios: readonly (readonly [ScenarioId, Part])[] = [
  ['build.clh', 'cloud-hypervisor'],
  ['build.qemu', 'qemu'],
];

/** Of each part the last build of a release that passed, and one that failed after it. */
export function buildsOf({ id }: Pick<Distro, 'id'>, { evidence }: Matrix): readonly Build[] {
  return scenarios.flatMap(([scenario, part]) => {
    const own = evidence.observations.filter(({ cell }) => cell.distro === id && cell.scenario === scenario);
    const builds = own.toSorted(byTime).flatMap((seen) => buildOf(part, seen) ?? []);
    const lastGood = builds.findLastIndex(({ came }) => 'commands' in came);
    const bad = builds.slice(lastGood + 1).at(-1);
    return [...builds.slice(lastGood).slice(0, lastGood < 0 ? 0 : 1), ...(bad ? [bad] : [])];
  });
}

/** Undefined: it came to no verdict, or its commands were not recorded. */
function buildOf(part: Part, { at, run, variant, outcome, facts }: Observation): Build | undefined {
  const came = cameOf(outcome, facts);
  if (!came) {
    return undefined;
  }
  const told = (key: string) => {
    const fact = facts[key];
    return fact === undefined ? undefined : String(fact);
  };
  const [toolchain, file, digest] = [
    told('build.toolchain'),
    told('build.source'),
    told('build.source-digest'),
  ];
  return {
    ...{ part, on: at.slice(0, 10), run, came },
    where:
      variant === 'docker' ? 'in a container: its userspace alone' : `in a machine (${variant ?? 'unknown'})`,
    ...(toolchain !== undefined && { toolchain }),
    ...(file !== undefined && { source: digest === undefined ? file : `${file}, ${digest}` }),
    ...(told('build.source-from') === 'brought' && { brought: true }),
  };
}

function cameOf(outcome: Observation['outcome'], facts: Observation['facts']): Build['came'] | undefined {
  if (outcome?.status === 'failed') {
    return { failed: outcome.message };
  }
  const commands = facts['build.commands'];
  return outcome?.status === 'passed' && commands !== undefined
    ? {
        commands: String(commands),
        result: String(facts['build.result'] ?? ''),
        seconds: Number(facts['build.seconds'] ?? 0),
      }
    : undefined;
}
