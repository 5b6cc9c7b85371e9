import { UserError } from '../errors.ts';
import type { KataInstaller } from '../install/install-kata.ts';
import type { Overlay } from '../install/overlay/overlay.ts';
import type { BootRequest, Machine, Template } from '../machine/machine.ts';
import { changed, kataTemplate, plainTemplate, type TemplateGround } from '../run/batch-templates.ts';
import { roughly } from '../run/kata-cells.ts';
import { onMachine } from '../run/on-machine.ts';
import { requestFor, type Stages, type Workplace } from '../run/prepare.ts';
import type { OnWorkbench } from './workbench.ts';

/** What is done to a machine before somebody works in it, in this order. */
export interface Changes {
  readonly overlay?: Overlay | undefined;
  readonly kata?: KataInstaller | undefined;
  /** Scripts on this host. */
  readonly prepare?: string | undefined;
  readonly prepareCold?: string | undefined;
}

/** The template of a release: from the cache, or made now, of which a person is told. */
export async function templateOn(
  on: OnWorkbench,
  { overlay, kata, prepare, prepareCold }: Changes = {},
): Promise<Template | undefined> {
  const place: Workplace = {
    ...on.bench.place,
    ...(prepare && { prepare }),
    ...(prepareCold && { prepareCold }),
  };
  const ground = groundOf(on);
  // What was derived for this bench alone goes with it.
  const held = (made: Template | undefined) => {
    if (made) {
      on.bench.hold(made);
    }
    return made;
  };
  const bare = held(await plainTemplate(place, ground));
  const plain = bare && overlay ? held(await overlaid(place, on, ground, bare, overlay)) : bare;
  if (!plain) {
    return undefined;
  }
  const { image, speed } = on;
  const site = { distro: image.distro, factor: speed.factor, nestedMs: roughly(bare?.proof?.nestedMs) };
  const based = kata ? held(await kataTemplate(place, ground, plain, kata, site)) : plain;
  const hasScript = (prepare ?? prepareCold) !== undefined;
  return hasScript ? held(await changed(place, ground, based, 'prepare')) : based;
}

function groundOf({ bench: { place }, batch, provider, image, speed }: OnWorkbench): TemplateGround {
  const words = {
    boot: 'booting a machine for its template, once',
    prepare: 'preparing it',
    freeze: 'freezing it',
    image: '',
    probe: '',
    teardown: '',
  } as const;
  const stages: Stages = {
    during(phase, body) {
      place.watcher.said(`${batch.distro}: ${words[phase]}`);
      return body(place.signal);
    },
  };
  return { batch, provider, speed, stages, image: async () => image, share: (work) => work() };
}

/** A child that goes with this bench: what a mirror adds to it is another day another. */
async function overlaid(
  place: Workplace,
  { batch, image, speed }: OnWorkbench,
  { stages }: TemplateGround,
  base: Template,
  overlay: Overlay,
): Promise<Template> {
  const request = { ...requestFor(place, batch, speed, 'overlay'), network: true };
  return await stages.during('prepare', (signal) =>
    base.derive(overlay.key, { ...request, signal }, async (machine) => {
      const site = { batch: batch.id, machine, logs: request.logs, name: 'overlay', signal };
      const { leftOut, changes } = await onMachine(place, site, (guest) =>
        overlay.apply(guest, image.distro),
      );
      for (const { name, from = 'none', to = 'none' } of changes) {
        place.watcher.said(`${batch.distro}: ${name} ${from} -> ${to}`);
      }
      for (const left of leftOut) {
        place.watcher.said(`${batch.distro}: left out: ${left}`);
      }
    }),
  );
}

/** A machine that is as a release's are, but for these changes: a clone of a template, or where there are no templates a boot of its own. */
export async function pristine(on: OnWorkbench, network: boolean, changes: Changes = {}): Promise<Machine> {
  const template = await templateOn(on, changes);
  const request: BootRequest = { ...machineRequest(on, 'shell'), network };
  if (!template && Object.values(changes).some((change) => change !== undefined)) {
    throw new UserError(
      'cannot have a machine that is changed, or has Kata in it: this host freezes no templates',
    );
  }
  return template ? template.clone(request) : on.provider.boot(on.image, request);
}

/** A request for a machine that a person works in. */
export function machineRequest(
  { bench, batch, speed }: Pick<OnWorkbench, 'bench' | 'batch' | 'speed'>,
  purpose: string,
): BootRequest {
  return { ...requestFor(bench.place, batch, speed, purpose), purpose: 'commands' };
}
