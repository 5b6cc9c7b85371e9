import type { Batch } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import type { InstallSite, KataInstaller } from '../install/install-kata.ts';
import type { Image, Machine, Provider, Template } from '../machine/machine.ts';
import { onMachine } from './on-machine.ts';
import {
  changedTemplate,
  frozenOf,
  requestFor,
  type Stages,
  templateRequest,
  type Workplace,
} from './prepare.ts';

/** What one batch's templates are made from. */
export interface TemplateGround {
  readonly batch: Batch;
  readonly provider: Provider;
  readonly image: () => Promise<Image>;
  readonly speed: Speed;
  readonly stages: Stages;
  /** Has a share of the host for what takes one. */
  readonly share: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A release's plain template, as an earlier run left it or made now; undefined where this host can't freeze. */
export async function plainTemplate(
  farm: Workplace,
  { batch, provider, image, speed, stages, share }: TemplateGround,
  bare = false,
): Promise<Template | undefined> {
  const had = await image();
  const stored = await provider.template?.(had, templateRequest(farm, batch, speed, bare));
  return stored ?? (await share(() => frozenOf(farm, batch, provider, had, speed, stages, bare)));
}

/** A template with a Kata in it: derived from a plain one, once for all runs. */
export async function kataTemplate(
  farm: Workplace,
  ground: TemplateGround,
  plain: Template,
  installer: KataInstaller,
  site: InstallSite,
): Promise<Template> {
  const { batch, speed, stages, share } = ground;
  const key = installer.keyOf(site);
  const label = installer.build.label === undefined ? 'kata' : `kata-${installer.build.label}`;
  const request = { ...requestFor(farm, batch, speed, `${label}-${plain.key.slice(0, 6)}`), network: false };
  const stored = await plain.child?.(key, request);
  if (stored) {
    return stored;
  }
  return await share(() =>
    stages.during('prepare', (signal) =>
      plain.derive(
        key,
        { ...request, signal },
        (child) => putKata(farm, batch, child, installer, site, request.logs, signal),
        true,
      ),
    ),
  );
}

/** The user's script on top, where there is one. */
export function changed(
  farm: Workplace,
  { batch, speed, stages, share }: TemplateGround,
  template: Template | undefined,
  purpose: string,
): Promise<Template | undefined> {
  const change = () => changedTemplate(farm, batch, template, speed, stages, purpose);
  return (farm.prepare ?? farm.prepareCold) === undefined ? change() : share(change);
}

/** Puts a Kata into a machine that is up; what was said is kept beside the machine's console. */
export async function putKata(
  farm: Workplace,
  batch: Batch,
  machine: Machine,
  installer: KataInstaller,
  installSite: InstallSite,
  logs: string,
  signal: AbortSignal,
): Promise<void> {
  const site = { batch: batch.id, machine, logs, name: `kata-of-${machine.name}`, signal };
  await onMachine(farm, site, async (guest) => {
    try {
      await installer.install(guest, installSite, signal);
    } catch (error) {
      throw new Error(`cannot put Kata into ${machine.name}: ${(error as Error).message}`, { cause: error });
    }
  });
}
