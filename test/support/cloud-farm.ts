import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Distro } from '../../src/domain/distro.ts';
import type { CloudImage } from '../../src/domain/image-source.ts';
import type { Furnish } from '../../src/providers/qemu/cloud/furnish.ts';
import { type CloudSettings, cloudMaker } from '../../src/providers/qemu/cloud/maker.ts';
import { haveImage } from '../../src/providers/qemu/image.ts';
import type { ImageStore } from '../../src/providers/qemu/image-maker.ts';
import { Uses } from '../../src/providers/qemu/uses.ts';
import { distroLike } from './domain.ts';

const run = promisify(execFile);

/** A real qcow2 with a boot sector's mark and so many KiB that no compression makes smaller. */
export async function qcow2(path: string, kib: number): Promise<Buffer> {
  const head = Buffer.alloc(512);
  head.set([0x55, 0xaa], 510);
  const noise = Array.from({ length: kib * 32 }, (_, index) =>
    createHash('sha256').update(`${index}`).digest(),
  );
  await writeFile(`${path}.raw`, Buffer.concat([head, ...noise]));
  await run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', `${path}.raw`, path]);
  return readFile(path);
}

/** A release whose cloud image is as told. */
export function published(cloud: Partial<CloudImage>): Distro {
  const image: CloudImage = { firmware: 'bios', source: 'a test', trust: 'tested', ...cloud };
  return distroLike({ images: { cloud: image } });
}

/** A first boot that takes no machine: the disk is what was published, the rest stands in for it. */
const furnish: Furnish = async ({ disk, folder }) => {
  await run('qemu-img', ['convert', '-f', disk.format, '-O', 'raw', disk.path, join(folder, 'disk.raw')]);
  await writeFile(join(folder, 'vmlinuz'), 'kernel');
  await writeFile(join(folder, 'busybox'), 'busybox');
  await writeFile(join(folder, 'packages'), 'runc\t1.1.15\n');
  return { deviations: ['first booted by a test'], files: ['disk.raw', 'vmlinuz', 'busybox', 'packages'] };
};

export interface CloudFarm extends AsyncDisposable {
  readonly have: (
    distro: Distro,
    given?: Partial<ImageStore> & Partial<Pick<CloudSettings, 'brought' | 'mirrors' | 'furnish'>>,
  ) => ReturnType<typeof haveImage>;
  readonly told: string[];
  readonly downloads: string;
}

/** A farm whose cache is in a folder, and that is in a hurry: publishers have half a second. */
export function cloudFarm(folder: string): CloudFarm {
  const uses = new Uses();
  const told: string[] = [];
  const scratch = join(folder, 'work');
  const store: ImageStore = {
    ...{ cache: join(folder, 'cache'), mirror: { allowExpired: false }, freshness: 'checked', scratch, uses },
    ...{ qemu: 'qemu-system-x86_64', now: () => new Date('2026-11-22T12:00:00Z') },
  };
  const place = {
    ...{ qemu: 'qemu-system-x86_64', now: store.now },
    ...{ file: (purpose: string) => join(scratch, purpose), sockets: () => join(scratch, 's') },
  };
  const known = { speed: async () => undefined, accelerators: async () => ['tcg'] as const };
  const manners = {
    patience: 0.5,
    pause: 0.01,
    slowest: 2048,
    instead: 'bring the image by --image RELEASE=FILE',
  };

  return {
    told,
    downloads: join(folder, 'cache/downloads'),
    async have(distro, { brought = {}, mirrors = {}, furnish: own = furnish, ...given } = {}) {
      await mkdir(scratch, { recursive: true });
      const maker = cloudMaker({ brought, mirrors, manners, place, known, furnish: own });
      const tell = (line: string) => void told.push(line);
      const never = new AbortController().signal;
      return haveImage({ ...store, ...given }, distro, tell, never, undefined, maker);
    },
    [Symbol.asyncDispose]: () => uses[Symbol.asyncDispose](),
  };
}
