import type { Arch } from '../../domain/arch.ts';
import type { Distro } from '../../domain/distro.ts';
import type { Mirror } from '../../host/mmdebstrap.ts';
import type { askIndex } from '../../host/package-index.ts';
import type { Tell } from '../../machine/machine.ts';
import type { Made } from './image-record.ts';
import type { Uses } from './uses.ts';

/** What images are had by. */
export interface ImageStore {
  readonly cache: string;
  readonly mirror: Mirror;
  /** `fresh`: what is in the cache does not count. */
  readonly freshness: 'checked' | 'offline' | 'fresh';
  /** A folder on the cache's file system that is gone when this process is. */
  readonly scratch: string;
  /** The host's QEMU. */
  readonly qemu: string;
  /** Of its machines; missing: amd64. */
  readonly arch?: Arch;
  /** Takes what is handed out into use. */
  readonly uses: Uses;
  readonly now: () => Date;
  /** Called when an image was added. */
  readonly added?: (tell: Tell) => Promise<void>;
  /** Which of a release's archives have changed since. */
  readonly ask?: typeof askIndex;
}

/** One way in which images come into being. */
export interface ImageMaker {
  readonly variant: 'qemu:built' | 'qemu:cloud';
  /** What becomes of a release's image, in words: "it is built". */
  readonly done: string;
  /** What stands for everything that the farm puts into it: the newest of this key is taken. */
  keyOf(store: ImageStore, distro: Distro, signal: AbortSignal): Promise<string>;
  /** Whether one in the cache is what would be made now. Throws a UserError (exit 3) where that can't be asked. */
  isGood(store: ImageStore, made: Made, distro: Distro, tell: Tell, signal: AbortSignal): Promise<boolean>;
  /** Makes it, puts it into the cache, and lets the key lead to it. */
  make(store: ImageStore, key: string, distro: Distro, tell: Tell, signal: AbortSignal): Promise<Made>;
}
