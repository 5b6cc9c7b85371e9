import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageStore } from '../../src/providers/qemu/image-maker.ts';
import { Uses } from '../../src/providers/qemu/uses.ts';
import { distroLike } from './domain.ts';
import type { FakeTools } from './fake-tools.ts';

/** A release whose image the fake tools make. */
export const trixie = distroLike({
  images: {
    qemu: {
      build: 'mmdebstrap',
      suite: 'trixie',
      components: ['main'],
      sources: [],
      include: [],
      exclude: [],
      emulateWithout: [],
    },
  },
});

export interface ImageFarms extends AsyncDisposable {
  /** What a farm has images by. Each has a scratch folder of its own, as each has a workspace, and its own locks. */
  readonly storeOf: (farm: string) => Promise<ImageStore & { readonly uses: Uses }>;
}

/** Farms that share the cache in a folder. Their archives never change, unless a test says so. */
export function imageFarms(folder: string, tools: FakeTools): ImageFarms {
  const uses = new Map<string, Uses>();
  let minute = 0;

  return {
    storeOf: async (farm) => {
      const scratch = join(folder, 'work', farm);
      await mkdir(scratch, { recursive: true });
      const ours = uses.get(farm) ?? new Uses();
      uses.set(farm, ours);
      return {
        cache: join(folder, 'cache'),
        mirror: { allowExpired: false },
        freshness: 'checked',
        scratch,
        qemu: join(tools.folder, 'qemu-system-x86_64'),
        uses: ours,
        now: () => {
          minute += 1;
          return new Date(Date.UTC(2026, 10, 21, 22, minute));
        },
        ask: async () => [],
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...uses.values()].map((ours) => ours[Symbol.asyncDispose]()));
    },
  };
}
