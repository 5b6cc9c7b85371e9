import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Distro } from '../domain/distro.ts';
import type { Experiment, Trial } from '../domain/finding.ts';
import { guestOf } from '../machine/guest.ts';
import { within } from '../machine/limits.ts';
import type { LoadedScenario } from '../scenario.ts';
import { farmErred } from './blame.ts';
import { takenWhenUp } from './capacity.ts';
import { rebooted } from './change.ts';
import type { CellWork } from './conclude.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Swap } from './donors.ts';
import { execute } from './execute.ts';
import { changed, swapFor } from './experiment-change.ts';
import { nameOf, trialOf, wordsOf } from './experiment-words.ts';
import type { Farm } from './farm.ts';
import { controlOf } from './look-at-limit.ts';
import type { Grant } from './slots.ts';
import { letGoOf, startMachine } from './start-machine.ts';
import { NothingToSwap } from './swap.ts';
import { Transcript } from './transcript.ts';
import { cellWant } from './wants.ts';

/** A failed cell, and machines like the one that it failed on. */
export interface Bench {
  readonly work: Pick<CellWork, 'batch' | 'cell' | 'boots' | 'speed' | 'digest' | 'start'>;
  readonly distro: Distro;
  readonly scenario: LoadedScenario;
  readonly diagnostics: Diagnostics;
  readonly swaps: readonly Swap[];
}

/** What came of it, less what everybody knows. */
type Came = Pick<Trial, 'outcome' | 'readings'>;

/**
 * Tries something on a fresh machine, and writes down how it came out. `number` is its place among the cell's experiments.
 * Rejects only when the run is interrupted, or its journal can't be written.
 */
export async function carryOut(
  farm: Farm,
  bench: Bench,
  experiment: Experiment,
  number: number,
): Promise<Trial> {
  const { batch, cell, boots, speed, digest } = bench.work;
  const name = `${String(number).padStart(2, '0')}-${nameOf(experiment)}`;
  const folder = `cells/${cell.id}/experiments/${name}`;
  farm.watcher.said(`${cell.id}: ${wordsOf(experiment)}`, batch.id);

  const want = cellWant(farm, batch, cell, speed, { boots, isCanary: false, digest });
  let started = performance.now();
  let deed: Promise<Came> | undefined;
  const begin = (grant: Grant) => {
    started = performance.now();
    deed = attended(farm, bench, experiment, folder, `${cell.id.replaceAll('/', '-')}-x${number}`, () =>
      grant.taken(takenWhenUp(boots ? 'cold' : 'clone')),
    );
    return deed;
  };
  const came = await farm.slots.use(want, begin).catch(async (error: unknown): Promise<Came> => {
    // An interruption is heard of at once; its machine is let go of before anything else is.
    await deed?.catch(() => {});
    farm.signal.throwIfAborted();
    return { outcome: trialOf(farmErred(error, 'diagnose')) };
  });
  const ms = Math.round(performance.now() - started);
  for (const file of (await readdir(join(farm.folder, folder)).catch(() => [])).sort()) {
    await farm.record({ type: 'file', cell: cell.id, path: `${folder}/${file}` });
  }
  return { experiment, ...came, folder, ms };
}

async function attended(
  farm: Farm,
  { work, distro, scenario, diagnostics, swaps }: Bench,
  experiment: Experiment,
  folder: string,
  name: string,
  isUp: () => void,
): Promise<Came> {
  const { cell, batch, speed, boots } = work;
  const { factor } = speed;
  const { signal } = farm;
  const logs = join(farm.folder, folder);
  await mkdir(logs, { recursive: true });
  await using transcript = new Transcript(join(logs, 'transcript.txt'), (text) =>
    farm.watcher.heard(cell.id, text),
  );
  transcript.say(`${cell.id}: ${wordsOf(experiment)}`);
  const swap = swapFor(experiment, swaps);
  const start: CellWork['start'] = async (request) => {
    const machine = await (swap?.start ?? work.start)(request);
    return boots ? await rebooted(farm, batch, machine, request) : machine;
  };
  const machine = await startMachine(farm, {
    ...{ name, cell, speed, logs, start, batch: batch.id, memoryMiB: batch.memoryMiB, cold: boots },
    network: scenario.needs.network ?? false,
  });
  isUp();

  const ended = await (async (): Promise<Came> => {
    const what = { phase: 'prepare', what: `${name} to be changed`, factor } as const;
    const readings = await within(what, signal, (limit) =>
      changed(
        guestOf(machine, transcript.log, () => limit),
        experiment,
        swap,
        diagnostics,
      ),
    );
    if (readings) {
      return { readings };
    }
    const fact = async () => {};
    const control = controlOf(farm, batch.id, distro, speed);
    return {
      outcome: trialOf(
        await execute({ scenario, cell, distro, machine, factor, transcript, fact, signal, control }),
      ),
    };
  })().catch((error: unknown): Came => {
    const { message } = error as Error;
    const outcome =
      error instanceof NothingToSwap
        ? ({ status: 'skipped', message } as const)
        : trialOf(farmErred(error, 'diagnose'));
    transcript.say(`${outcome.status}: ${message}`);
    return { outcome };
  });

  await letGoOf(farm, machine).catch((error: Error) => {
    transcript.say(`the machine does not end: ${error.message}`);
  });
  signal.throwIfAborted();
  return ended;
}
