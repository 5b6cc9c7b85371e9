import type { Experiment, Reading } from '../domain/finding.ts';
import type { Guest } from '../machine/guest.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Swap } from './donors.ts';

/** The swap that an experiment is about; undefined: it is about none. Throws where it is not at hand. */
export function swapFor(experiment: Experiment, swaps: readonly Swap[]): Swap | undefined {
  if (experiment.kind !== 'swap') {
    return undefined;
  }
  const { part, by } = experiment;
  const swap = swaps.find((one) => one.part === part && one.by === by);
  if (!swap) {
    throw new Error(`cannot swap ${part}: ${by} is not at hand`);
  }
  return swap;
}

/** What is asked of a machine's facilities, by the farm's clock as it is. */
export function facilitiesNow({ facilities }: Pick<Diagnostics, 'facilities'>): string {
  return facilities((performance.timeOrigin + performance.now()) / 1000);
}

/** Changes a machine as an experiment has it; what was read of its facilities, where that is all. */
export async function changed(
  guest: Guest,
  experiment: Experiment,
  swap: Swap | undefined,
  diagnostics: Diagnostics,
): Promise<readonly Reading[] | undefined> {
  const { $ } = guest;
  if (experiment.kind === 'facilities') {
    const script = facilitiesNow(diagnostics);
    const readings = diagnostics.readingsIn(await $`sh -c ${script}`.nothrow().text());
    if (readings.length === 0) {
      throw new Error("cannot read what was found of the machine's facilities");
    }
    return readings;
  }
  await swap?.apply(guest);
  if (experiment.kind === 'mend') {
    const script = diagnostics.mendingOf(experiment.facility);
    if (script === undefined) {
      throw new Error(`cannot put ${experiment.facility} right: there is no way to`);
    }
    await $`sh -eu -c ${script}`;
  }
  return undefined;
}
