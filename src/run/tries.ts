import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellId } from '../domain/cell.ts';
import type { Experiment, Trial } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import { facilitiesFile } from './collect.ts';
import type { CellWork } from './conclude.ts';
import { type Bench, carryOut } from './experiment.ts';
import { wordsOf } from './experiment-words.ts';
import type { Farm } from './farm.ts';
import { asSlowTrial } from './slow-trial.ts';

/** What was read of the facilities of a template's machines, by who makes them. */
export type SharedReadings = Map<CellWork['start'], Promise<Trial>>;

/**
 * Carries out a cell's experiments, numbered on from those of before. One that comes to nothing is tried once more; the
 * facilities are a template's, and so are tried once for all of its cells: on a machine of their own, unless they were read of
 * the one that failed.
 */
export async function triesOf(
  farm: Farm,
  batch: BatchId,
  cell: CellId,
  own: Outcome,
  bench: Bench | undefined,
  readings: SharedReadings,
): Promise<(experiment: Experiment) => Promise<Trial>> {
  const before = await readdir(join(farm.folder, 'cells', cell, 'experiments')).catch(() => []);
  let number = before.length;
  const once = async (given: Bench, experiment: Experiment): Promise<Trial> => {
    number += 1;
    const trial = await carryOut(farm, given, experiment, number);
    return asSlowTrial(trial, own, given.work.speed.accelerator === 'tcg');
  };
  const twice = async (given: Bench, experiment: Experiment): Promise<Trial> => {
    const trial = await once(given, experiment);
    if (trial.outcome?.status !== 'errored') {
      return trial;
    }
    farm.watcher.said(`${cell}: ${wordsOf(experiment)}: came to nothing: ${trial.outcome.message}`, batch);
    return await once(given, experiment);
  };

  return async (experiment) => {
    if (!bench) {
      const message = 'no machine like the one that it failed on can be had any more';
      return { experiment, outcome: { status: 'errored', message }, ms: 0 };
    }
    const isChange = experiment.kind === 'mend' || experiment.kind === 'swap';
    if (isChange && farm.providers.get(bench.work.batch.provider)?.sharesMachine) {
      const message = 'a machine that exists is not changed for an experiment';
      return { experiment, outcome: { status: 'skipped', message }, ms: 0 };
    }
    if (experiment.kind !== 'facilities') {
      return await twice(bench, experiment);
    }
    const { start } = bench.work;
    const read = async () => (await readAlready(farm, bench, experiment)) ?? (await twice(bench, experiment));
    const known = readings.get(start) ?? read();
    readings.set(start, known);
    return await known;
  };
}

/** What was read of the machine of the cell's last attempt; undefined: nothing was. */
async function readAlready(
  farm: Pick<Farm, 'folder'>,
  { work, diagnostics }: Pick<Bench, 'work' | 'diagnostics'>,
  experiment: Experiment,
): Promise<Trial | undefined> {
  const place = `cells/${work.cell.id}`;
  const attempts = (await readdir(join(farm.folder, place)).catch(() => [])).filter((name) =>
    /^\d+$/.test(name),
  );
  const folder = `${place}/${Math.max(...attempts.map(Number))}`;
  const text = await readFile(join(farm.folder, folder, facilitiesFile), 'utf8').catch(() => '');
  const readings = diagnostics.readingsIn(text);
  return readings.length > 0 ? { experiment, readings, folder, ms: 0 } : undefined;
}
