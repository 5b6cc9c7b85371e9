import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell } from '../domain/cell.ts';
import type { Outcome, Phase } from '../domain/outcome.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { BootRequest, Machine } from '../machine/machine.ts';
import { bootOutcome, farmErred } from './blame.ts';
import { collect } from './collect.ts';
import { execute } from './execute.ts';
import { attemptFolder, type Farm } from './farm.ts';
import { type During, keepMachine } from './keep.ts';
import { controlId, controlOf } from './look-at-limit.ts';
import { letGoOf, startMachine } from './start-machine.ts';
import { Transcript } from './transcript.ts';

export interface AttemptRequest {
  readonly cell: Cell;
  readonly batch: BatchId;
  readonly number: number;
  readonly speed: Speed;
  readonly memoryMiB: number;
  readonly cold: boolean;
  /** A machine of the cell's own. */
  readonly start: (request: BootRequest) => Promise<Machine>;
}

/** One try at a cell, from no machine to no machine; what happened is in the journal when it resolves. */
export async function attempt(farm: Farm, request: AttemptRequest): Promise<Outcome> {
  const { cell, number } = request;
  const started = performance.now();
  await farm.record({ type: 'cell-started', cell: cell.id, attempt: number });
  const folder = attemptFolder(cell.id, number);
  await mkdir(join(farm.folder, folder), { recursive: true });

  const outcome = await attended(farm, request, folder).catch((error: unknown) => {
    farm.signal.throwIfAborted();
    return farmErred(error, 'record');
  });
  for (const name of (await readdir(join(farm.folder, folder))).sort()) {
    await farm.record({ type: 'file', cell: cell.id, path: `${folder}/${name}` });
  }
  const ms = Math.round(performance.now() - started);
  await farm.record({ type: 'attempt-ended', cell: cell.id, attempt: number, outcome, ms });
  return outcome;
}

async function attended(farm: Farm, request: AttemptRequest, folder: string): Promise<Outcome> {
  const { cell, batch, number, speed, memoryMiB, cold, start } = request;
  const { factor } = speed;
  const scenario = farm.scenarios.get(cell.scenario);
  const distro = farm.distros.get(cell.distro);
  if (!scenario || !distro) {
    return { status: 'skipped', because: `${scenario ? cell.distro : cell.scenario} is not there any more` };
  }
  const name = `${cell.id.replaceAll('/', '-')}-${number}`;
  await using transcript = new Transcript(join(farm.folder, folder, 'transcript.txt'), (text) =>
    farm.watcher.heard(cell.id, text),
  );
  transcript.say(`${cell.id}, attempt ${number}: ${scenario.title}`);

  const during = timed(farm, batch, cell);
  const logs = join(farm.folder, folder);
  let machine: Machine;
  try {
    const { network = false, parts } = scenario.needs;
    const asked = { name, cell, batch, speed, memoryMiB, cold, network, parts, logs, start };
    machine = await startMachine(farm, asked, during);
  } catch (error) {
    farm.signal.throwIfAborted();
    const outcome = cold ? bootOutcome(error) : farmErred(error, 'clone');
    transcript.say(`${outcome.status}: ${'message' in outcome ? outcome.message : ''}`);
    return outcome;
  }

  transcript.say('the machine is up');
  const fact = (key: string, value: string | number) =>
    farm.record({ type: 'fact', subject: cell.id, key, value });
  const letGo = () => during('teardown', () => letGoOf(farm, machine));
  const control = controlOf(farm, batch, distro, speed);
  const { signal, sources } = farm;
  const begun = performance.now();
  const ended = await execute({
    ...{ scenario, cell, distro, machine, factor, transcript, fact, signal, sources, during, control },
  }).catch(async (error: unknown) => {
    await letGo().catch(() => {});
    throw error;
  });
  if (cell.scenario === controlId && ended.status === 'passed') {
    farm.controlMs.set(batch, Math.round(performance.now() - begun));
  }

  const awakeMs = performance.now() - begun;
  await collect(
    farm,
    machine,
    { ...{ cell, factor, cold, awakeMs, confirms: number > 1 }, outcome: ended, folder: logs },
    transcript,
  );
  await keepMachine(farm, machine, { cell: cell.id, memoryMiB, outcome: ended }, transcript, during);
  try {
    await letGo();
  } catch (error) {
    transcript.say(`the machine does not end: ${(error as Error).message}`);
    // What was found before is not hidden by it.
    return ended.status === 'passed' ? farmErred(error, 'teardown') : ended;
  }
  return ended;
}

/** Writes down how long each of an attempt's phases took, however it ended. */
function timed(farm: Farm, batch: BatchId, { id }: Cell): During {
  return async <T>(phase: Phase, body: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const [ended] = await Promise.allSettled([body()]);
    const ms = Math.round(performance.now() - started);
    await farm.record({ type: 'phase-ended', batch, cell: id, phase, ms });
    if (ended.status === 'rejected') {
      throw ended.reason;
    }
    return ended.value;
  };
}
