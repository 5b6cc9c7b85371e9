import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Distro } from '../domain/distro.ts';
import type { Batch } from '../domain/plan.ts';
import type { Speed } from '../domain/speed.ts';
import { oneLine } from '../domain/text.ts';
import { UserError } from '../errors.ts';
import { loadDistros } from '../load/load-distros.ts';
import { selectDistros } from '../load/select.ts';
import type { Image, Provider } from '../machine/machine.ts';
import { offerFor, offersOf, serving } from '../plan/offers.ts';
import type { Workplace } from '../run/prepare.ts';
import type { Watcher } from '../run/watcher.ts';
import type { Context, ProviderOptions } from './context.ts';
import { ensureFolder } from './disk-room.ts';
import { distroFolders } from './folders.ts';
import type { MachineOptions, Selection } from './options.ts';
import { cacheOf, providerOptionsOf } from './provider-options.ts';

/** What a person may say about the machines that they work at by hand. */
export type WorkbenchOptions = MachineOptions &
  Pick<Selection, 'distros' | 'bundled' | 'image'> & { readonly quiet?: true };

/** Machines where no run is going on. Dispose of it when they are gone: nothing of them stays. */
export interface Workbench extends AsyncDisposable {
  readonly place: Workplace;
  readonly providers: readonly Provider[];
  /** Of these, those that a release is had from. */
  readonly serving: readonly Provider[];
  /** Lets go of this at its own end, last come first. */
  readonly hold: (one: AsyncDisposable) => void;
}

/** One release at the bench: its image, and what this host's machines can do. */
export interface OnWorkbench {
  readonly bench: Workbench;
  readonly batch: Batch;
  readonly provider: Provider;
  readonly image: Image;
  readonly speed: Speed;
}

/**
 * Opens a bench; `name` stands where a run's id does. What earlier, dead farms left is removed, and the bench's own
 * folder is a provider's, so that it goes as well should this process be killed.
 */
export async function openWorkbench(
  context: Context,
  name: string,
  options: WorkbenchOptions,
  ssh?: ProviderOptions['ssh'],
): Promise<Workbench> {
  const { signal } = context;
  await ensureFolder(cacheOf(context), 'KATAFARM_CACHE=DIR');
  const providers = await context.providers({ ...providerOptionsOf(context, options), ssh });
  const parent = await providers.find(({ scratch }) => scratch)?.scratch?.(signal);
  const folder = await mkdtemp(join(parent ?? tmpdir(), `bench-${name}-`));
  const said = (line: string) => options.quiet || context.err(`${oneLine(line, 400)}\n`);
  const watcher: Watcher = { noted() {}, began() {}, heard() {}, said };

  const held: AsyncDisposable[] = [];
  const bench: Workbench = {
    place: { run: name, folder, record: async () => {}, watcher, signal },
    providers,
    serving: serving(providers, options.provider),
    hold: (one) => held.unshift(one),
    async [Symbol.asyncDispose]() {
      for (const one of held) {
        await Promise.allSettled([one[Symbol.asyncDispose]()]);
      }
      await Promise.allSettled(providers.map((provider) => provider[Symbol.asyncDispose]()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all(bench.serving.map((provider) => provider.reap()));
    return bench;
  } catch (error) {
    await bench[Symbol.asyncDispose]();
    throw error;
  }
}

/** The releases that were named. Throws a UserError where one is not there, or where none was named. */
export async function releasesOf(
  context: Context,
  words: readonly string[],
  own: Pick<Selection, 'distros' | 'bundled'>,
): Promise<readonly Distro[]> {
  const distros = await loadDistros(distroFolders(context, own));
  if (words.length === 0) {
    throw new UserError(
      'cannot tell which release is meant: name one, like debian-13; katafarm list distros names them all',
    );
  }
  return selectDistros(distros, words);
}

const unmeasured: Speed = { class: 'none', accelerator: 'kvm', factor: 1, because: 'nobody asked' };

/** Has a release's image ready, that of `digest` where it is given. Throws a UserError where no provider has machines of it. */
export async function putOnWorkbench(
  bench: Workbench,
  distro: Distro,
  digest?: string,
): Promise<OnWorkbench> {
  const { serving: providers, place } = bench;
  await Promise.all(providers.map((provider) => provider.look?.(place.signal)));
  const offer = offerFor(distro.id, offersOf(providers, [distro]));
  if ('because' in offer) {
    throw new UserError(`cannot have a machine of ${distro.id}: ${offer.because}`);
  }
  const { variant, memoryMiB } = offer;
  const provider = providers.find(({ name }) => name === offer.provider) as Provider;
  const batch: Batch = {
    id: `${distro.id}/${variant}`,
    distro: distro.id,
    provider: provider.name,
    variant,
    memoryMiB,
    cells: [],
  };
  const tell = (line: string) => place.watcher.said(line, batch.id);
  const image = await provider.image(distro, tell, place.signal, digest);
  // Of a machine that exists nothing is made by how fast it is.
  const speed = provider.sharesMachine ? unmeasured : await provider.probe(image, tell, place.signal);
  return { bench, batch, provider, image, speed };
}
