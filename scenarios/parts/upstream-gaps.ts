import type { InstalledStack } from '../../src/domain/installed-kata.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';

/** What Kata can't do by its own account, so that it is no verdict on a distro. */
export interface UpstreamGap {
  readonly scenario: ScenarioId;
  readonly hypervisor: InstalledStack['hypervisor'];
  readonly runtime: InstalledStack['runtime'];
  /** The kinds of failure by which it shows. */
  readonly classes: readonly string[];
  readonly tracker: string;
  /** Where Kata's own tests leave it out. */
  readonly source: string;
}

const gaps: readonly UpstreamGap[] = [
  {
    scenario: 'kata.kill-vmm',
    hypervisor: 'qemu',
    runtime: 'rust',
    classes: ['vmm-death-unnoticed'],
    tracker: 'kata-containers#9375',
    source: 'tests/integration/cri-containerd/integration-tests.sh: TestKilledVmmCleanup is skipped',
  },
];

/** The gap that a failure is, on this stack; undefined where it is none. */
export function upstreamGap(
  scenario: ScenarioId,
  { hypervisor, runtime }: Pick<InstalledStack, 'hypervisor' | 'runtime'>,
  kind: string | undefined,
): UpstreamGap | undefined {
  return gaps.find(
    (gap) =>
      gap.scenario === scenario &&
      gap.hypervisor === hypervisor &&
      gap.runtime === runtime &&
      kind !== undefined &&
      gap.classes.includes(kind),
  );
}
