import { join } from 'node:path';
import type { Batch } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { BootRequest, Image, Machine, Provider, Template } from '../machine/machine.ts';
import { change } from './change.ts';
import type { Farm } from './farm.ts';
import type { Phases } from './phases.ts';

/** What making a template needs of a farm: it is made for a shell as well, where no run is going on. */
export type Workplace = Pick<
  Farm,
  'run' | 'folder' | 'prepare' | 'prepareCold' | 'record' | 'watcher' | 'signal'
>;

/** Who times and limits the steps on the way to a template. */
export type Stages = Pick<Phases, 'during'>;

/** A template on which the user's script was run; the same where there is none to run. */
export async function changedTemplate(
  farm: Workplace,
  batch: Batch,
  template: Template | undefined,
  speed: Speed,
  stages: Stages,
  purpose = 'prepare',
): Promise<Template | undefined> {
  const { prepare, prepareCold } = farm;
  const script = prepare ?? prepareCold;
  // Machines that boot for their cell are changed each by itself, before they boot again.
  if (script === undefined || (!template && prepareCold !== undefined)) {
    return template;
  }
  if (!template) {
    throw new Error('cannot change a template by --prepare where there is none');
  }
  const changing = requestFor(farm, batch, speed, purpose);
  return await stages.during('prepare', (signal) =>
    template.derive(script, { ...changing, network: true, signal }, async (child) => {
      await change(farm, batch, child, script, changing.logs, signal);
      await (prepareCold && child.reboot(signal));
    }),
  );
}

/** Boots a release and freezes it. Undefined where this provider or host can't freeze: cells then boot by themselves. */
export async function frozenOf(
  farm: Workplace,
  batch: Batch,
  provider: Provider,
  image: Image,
  speed: Speed,
  stages: Stages,
  bare = false,
): Promise<Template | undefined> {
  if (!provider.freeze) {
    return undefined;
  }
  const request = templateRequest(farm, batch, speed, bare);
  await using machine = await stages.during('boot', (signal) => provider.boot(image, { ...request, signal }));
  return await stages.during('freeze', (signal) =>
    freezeIfPossible(farm, batch, provider, machine, { ...request, signal }),
  );
}

/** A request for a machine that is no cell's. */
export function requestFor(farm: Workplace, batch: Batch, speed: Speed, purpose: string): BootRequest {
  const name = `${batch.distro}-${purpose}`;
  return {
    name,
    run: farm.run,
    batch: batch.id,
    speed,
    memoryMiB: batch.memoryMiB,
    purpose: 'template',
    network: false,
    logs: join(farm.folder, 'machines', batch.distro, purpose),
    announce: (argv) => farm.record({ type: 'machine-started', machine: name, batch: batch.id, argv }),
    signal: farm.signal,
  };
}

/** For a machine that becomes a template. */
export function templateRequest(farm: Workplace, batch: Batch, speed: Speed, bare: boolean): BootRequest {
  return bare
    ? { ...requestFor(farm, batch, speed, 'template-bare'), bare }
    : requestFor(farm, batch, speed, 'template');
}

async function freezeIfPossible(
  farm: Workplace,
  batch: Batch,
  provider: Provider,
  machine: Machine,
  request: BootRequest,
): Promise<Template | undefined> {
  try {
    return await provider.freeze?.(machine, request);
  } catch (error) {
    farm.signal.throwIfAborted();
    farm.watcher.said(`no template, every cell boots by itself: ${(error as Error).message}`, batch.id);
    return undefined;
  }
}
