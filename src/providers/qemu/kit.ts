import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import type { Store } from '../../machine/store.ts';
import type { Place } from './freeze.ts';
import { which } from './host.ts';
import { Images } from './images.ts';
import { qemuStore } from './store.ts';
import { Templates } from './templates.ts';
import { keepWithin } from './trim.ts';
import { Uses } from './uses.ts';
import { openWorkspace } from './workspace.ts';

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

/** Opens a workspace. Throws a UserError (exit 3) where the host has no QEMU. */
export async function openKit(options: QemuOptions, signal: AbortSignal): Promise<Kit> {
  const { cache, mirror: url, allowExpiredMirror: allowExpired, freshness, now } = options;
  const qemu = await which('qemu-system-x86_64', signal);
  if (!qemu) {
    throw new UserError('cannot find qemu-system-x86_64; `katafarm doctor` says how to get it', {
      exitCode: 3,
    });
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
  const images = new Images({ cache, mirror, freshness, scratch, qemu, uses, now, added });
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
