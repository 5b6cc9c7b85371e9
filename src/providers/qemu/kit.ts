import { join } from 'node:path';
import type { Arch } from '../../domain/arch.ts';
import { UserError } from '../../errors.ts';
import { which } from '../../host/which.ts';
import { openWorkspace } from '../../host/workspace.ts';
import type { Tell } from '../../machine/machine.ts';
import type { Store } from '../../machine/store.ts';
import { boards } from './arch.ts';
import type { Place } from './freeze.ts';
import type { ImageMaker } from './image-maker.ts';
import { Images } from './images.ts';
import { qemuStore } from './store.ts';
import { Templates } from './templates.ts';
import { keepWithin } from './trim.ts';
import { Uses } from './uses.ts';

export interface QemuOptions {
  readonly accelerator: 'auto' | 'kvm' | 'tcg';
  /** Where images and templates are kept, and work in progress. */
  readonly cache: string;
  /** What the cache may take of the disk; by default 40 GiB, or a quarter of it. */
  readonly cacheMiB?: number | undefined;
  /** What else is in the cache, and counts. */
  readonly beside?: (() => Promise<Store>) | undefined;
  readonly mirror?: string | undefined;
  readonly allowExpiredMirror: boolean;
  /** Where publishers' images are had in place of their own addresses, by how those begin. */
  readonly imageMirrors?: Readonly<Record<string, string>> | undefined;
  /** Disks that a user brings, by release. */
  readonly brought?: Readonly<Record<string, string>> | undefined;
  /** `checked`: images and templates are good while the release's package index is theirs. */
  readonly freshness: 'checked' | 'offline' | 'fresh';
  readonly now: () => Date;
}

/** What a farm works with, once it does. */
export interface Kit extends AsyncDisposable {
  readonly images: Images;
  readonly templates: Templates;
  readonly place: Place;
  /** A folder on the cache's file system that is gone when this process is. */
  readonly scratch: string;
}

/** How images come into being where there is a place for machines; undefined: they are built. */
export type MakerOf = (place: Place) => ImageMaker | undefined;

/** Opens a workspace for machines of one architecture. Throws a UserError (exit 3) where the host has no QEMU for them. */
export async function openKit(
  options: QemuOptions,
  signal: AbortSignal,
  arch: Arch = 'amd64',
  makerOf: MakerOf = () => undefined,
): Promise<Kit> {
  const { cache, mirror: url, allowExpiredMirror: allowExpired, freshness, now } = options;
  const { qemu: program, packages } = boards[arch];
  const qemu = await which(program, signal);
  if (!qemu) {
    throw new UserError(`cannot find ${program}; ${packages}`, { exitCode: 3 });
  }

  const workspace = await openWorkspace(cache);
  const { files: scratch, sockets } = workspace;
  let count = 0;
  const next = (parent: string, purpose: string) => {
    count += 1;
    return join(parent, `${count}-${purpose}`);
  };
  const place: Place = {
    qemu,
    now,
    file: (purpose) => next(scratch, purpose),
    sockets: () => next(sockets, 's'),
  };
  const uses = new Uses();
  const mirror = { url, allowExpired };
  const added = async (tell: Tell) => {
    const beside = await options.beside?.();
    await keepWithin([qemuStore(cache), ...(beside ? [beside] : [])], cache, options.cacheMiB, tell);
  };
  const store = { cache, mirror, freshness, scratch, qemu, arch, uses, now, added };
  const images = new Images(store, makerOf(place));
  const templates = new Templates({ cache, scratch, uses }, place, freshness === 'fresh', added);

  return {
    images,
    templates,
    place,
    scratch,
    async [Symbol.asyncDispose]() {
      await templates[Symbol.asyncDispose]();
      await uses[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
