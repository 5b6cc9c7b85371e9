import { packagesWith } from '../domain/overlay.ts';
import type { Overlay, OverlayResult } from '../install/overlay/overlay.ts';
import { Uninstallable } from '../install/overlay/uninstallable.ts';
import type { BootRequest, Image, Machine, Template } from '../machine/machine.ts';
import { again } from './again.ts';
import type { TemplateGround } from './batch-templates.ts';
import type { Farm } from './farm.ts';
import { orLetGo } from './on-machine.ts';
import { requestFor } from './prepare.ts';
import { putOverlay, recordOverlay } from './put-overlay.ts';
import { confirmed } from './uninstallable.ts';

/** Where a batch's machines come from, before there is a Kata or a user's script in them. */
export interface Sources {
  /** The template; undefined where this host can't freeze. */
  readonly made: (bare: boolean) => Promise<Template | undefined>;
  /** A machine from power-on. */
  readonly boot: (request: BootRequest) => Promise<Machine>;
}

/** Sources whose machines may have other packages than their image. */
export interface OverlaidSources extends Sources {
  /** The packages that machines really have, once there is one. */
  readonly now: (image: Pick<Image, 'packages'>) => Installed;
}

/** What is installed in machines: package name to version. */
export interface Installed extends Pick<Image, 'packages'> {
  /** Those that are not the release's, but the run's overlay's; missing: it has none. */
  readonly overlaid?: readonly string[];
}

/** The same, with the run's overlay in whatever they give; as they are where there is none. */
export function withOverlay(farm: Farm, ground: TemplateGround, plain: Sources): OverlaidSources {
  const { overlay } = farm;
  if (!overlay) {
    return { ...plain, now: (image) => image };
  }
  let changes: OverlayResult['changes'] = [];
  const told = async (result: OverlayResult) => {
    ({ changes } = result);
    await recordOverlay(farm, ground, result);
  };
  const known = new Map<boolean, Promise<Template | undefined>>();
  const derived = async (bare: boolean) => {
    const base = await plain.made(bare);
    return base && (await tried(farm, ground, () => overlaid(farm, ground, overlay, base, bare, told)));
  };
  const made = (bare: boolean) => {
    const had = known.get(bare) ?? derived(bare);
    known.set(bare, had);
    return had;
  };

  return {
    made,
    now: ({ packages }) => ({
      packages: packagesWith(packages, changes),
      overlaid: changes.map(({ name }) => name),
    }),
    boot: async (request) => {
      const template = await made(request.bare ?? false);
      // The disk that has it already, started anew: a second installation would be another one.
      const machine = await (template?.clone(request) ?? plain.boot({ ...request, network: true }));
      return await orLetGo(machine, async () => {
        if (!template) {
          await told(await putOverlay(farm, ground, overlay, machine, request));
        }
        await machine.reboot(request.signal);
      });
    },
  };
}

/** The farm's own trouble is tried again as ever; what the packages are to blame for is confirmed. */
async function tried<T>(farm: Farm, { batch }: TemplateGround, deed: () => Promise<T>): Promise<T> {
  const tell = ({ message }: Error) => farm.watcher.said(`${message}; trying again`, batch.id);
  const told = await again(
    farm,
    () =>
      confirmed(deed, tell).catch((error: unknown) => {
        if (error instanceof Uninstallable) {
          return error;
        }
        throw error;
      }),
    (error) => tell(error as Error),
  );
  if (told instanceof Uninstallable) {
    throw told;
  }
  return told;
}

async function overlaid(
  farm: Farm,
  ground: TemplateGround,
  overlay: Overlay,
  base: Template,
  bare: boolean,
  told: (result: OverlayResult) => Promise<void>,
): Promise<Template> {
  const { batch, speed, stages, share } = ground;
  const request = { ...requestFor(farm, batch, speed, bare ? 'overlay-bare' : 'overlay'), network: true };
  let result: OverlayResult | undefined;
  const template = await share(() =>
    stages.during('prepare', (signal) =>
      base.derive(overlay.key, { ...request, signal }, async (child) => {
        result = await putOverlay(farm, ground, overlay, child, { ...request, signal });
      }),
    ),
  );
  if (result && !bare) {
    await told(result);
  }
  return provenBy(base, template);
}

/** What this host's machines can do is asked of the release alone: a VMM that the overlay broke must not answer. */
function provenBy(base: Template, template: Template): Template {
  return {
    key: template.key,
    deviations: template.deviations,
    ...(base.proof && { proof: base.proof }),
    clone: (request) => template.clone(request),
    prove: (request) => base.prove(request),
    derive: (...given) => template.derive(...given),
    async [Symbol.asyncDispose]() {
      await template[Symbol.asyncDispose]();
      await base[Symbol.asyncDispose]();
    },
  };
}
