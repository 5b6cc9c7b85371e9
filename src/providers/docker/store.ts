import type { DistroId } from '../../domain/distro.ts';
import type { Store, Stored } from '../../machine/store.ts';
import type { Engine } from './engine.ts';
import { type EngineImage, imagesWith, removeImage } from './engine-images.ts';
import { label } from './labels.ts';
import type { Marks } from './marks.ts';

const kinds = ['image', 'template', 'kept'] as const;
const longAgo = new Date(0).toISOString();

/** What is on an engine: images, templates that rest on them, kept machines. Empty where no engine answers. */
export function dockerStore(engine: () => Promise<Engine | undefined>, marks: Marks): Store {
  return {
    async list() {
      const reached = await engine();
      return reached ? listStored(reached, marks) : [];
    },
    async remove(item) {
      const reached = await engine();
      return reached ? removeStored(reached, item, marks) : 'removed';
    },
  };
}

async function listStored(engine: Engine, marks: Marks): Promise<readonly Stored[]> {
  const all = await ours(engine);
  const byId = new Map(all.map((one) => [one.engineId, one]));
  const restedOn = new Set(all.map(({ labels }) => labels[label.from] ?? ''));
  const busy = await imagesInUse(engine);

  return Promise.all(
    all.map(async (one) => {
      const { labels, engineId, bytes } = one;
      const madeAt = labels[label.made] ?? longAgo;
      const id = labels[label.id] ?? engineId;
      const title = decodeURIComponent(labels[label.title] ?? '');
      const kind = kinds.find((known) => known === labels[label.kind]) ?? 'image';
      const below = byId.get(labels[label.from] ?? '')?.bytes ?? 0;
      return {
        kind,
        id,
        distro: (labels[label.distro] ?? 'not-known') as DistroId,
        title: kind === 'kept' ? title : ['container', title].filter(Boolean).join(', '),
        // Layers below are their own image's, and counted there.
        bytes: Math.max(1, bytes - below),
        madeAt,
        usedAt: (await marks.usedAt(id)) ?? madeAt,
        inUse: busy.has(engineId) || (kind === 'image' && restedOn.has(engineId)),
      };
    }),
  );
}

async function removeStored(
  engine: Engine,
  { kind, id }: Stored,
  marks: Marks,
): Promise<'removed' | 'in use'> {
  const stored = (await listStored(engine, marks)).find((one) => one.kind === kind && one.id === id);
  if (stored?.inUse) {
    return 'in use';
  }
  const found = (await ours(engine)).filter(
    ({ labels }) => labels[label.kind] === kind && labels[label.id] === id,
  );
  for (const one of found) {
    if ((await removeImage(engine.docker, one)) === 'in use') {
      return 'in use';
    }
  }
  return 'removed';
}

async function ours({ docker }: Engine): Promise<readonly EngineImage[]> {
  const all = await imagesWith(docker, { [label.kind]: undefined });
  return all.filter(({ tag, labels }) => tag && kinds.some((kind) => kind === labels[label.kind]));
}

async function imagesInUse({ docker }: Engine): Promise<ReadonlySet<string>> {
  const containers = await docker.listContainers({ all: true });
  return new Set(containers.map(({ ImageID }) => ImageID));
}
