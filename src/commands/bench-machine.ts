import { UserError } from '../errors.ts';
import type { KataInstaller } from '../install/install-kata.ts';
import type { BootRequest, Machine, Template } from '../machine/machine.ts';
import { kataTemplate, plainTemplate, type TemplateGround } from '../run/batch-templates.ts';
import { roughly } from '../run/kata-cells.ts';
import { requestFor, type Stages } from '../run/prepare.ts';
import type { OnWorkbench } from './workbench.ts';

/** The template of a release: from the cache, or made now, of which a person is told. */
export async function templateOn(
  { bench, batch, provider, image, speed }: OnWorkbench,
  kata?: KataInstaller,
): Promise<Template | undefined> {
  const { place } = bench;
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
  const ground: TemplateGround = {
    ...{ batch, provider, speed, stages, image: async () => image },
    share: (work) => work(),
  };
  const plain = await plainTemplate(place, ground);
  if (!kata || !plain) {
    return plain;
  }
  const site = { distro: image.distro, factor: speed.factor, nestedMs: roughly(plain.proof?.nestedMs) };
  return kataTemplate(place, ground, plain, kata, site);
}

/** A pristine machine, with Kata in it where one is given: a clone of the template, or where there are no templates a boot of its own. */
export async function pristine(on: OnWorkbench, network: boolean, kata?: KataInstaller): Promise<Machine> {
  const template = await templateOn(on, kata);
  const request: BootRequest = { ...machineRequest(on, 'shell'), network };
  if (!template && kata) {
    throw new UserError('cannot have a machine with Kata in it: this host freezes no templates');
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
