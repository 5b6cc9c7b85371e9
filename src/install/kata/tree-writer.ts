import { link, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { ensureRoom } from './disk-room.ts';
import type { Manifest, TreeEntry } from './manifest.ts';
import { takeContent } from './take-content.ts';
import { followed, type Refuse, shown, targetOf } from './tree-paths.ts';

/** More than any release has, and far less than would hurt. */
export interface TreeLimits {
  readonly entries: number;
  readonly bytes: number;
  /** What a disk keeps free. */
  readonly spareBytes: number;
}

export const treeLimits: TreeLimits = { entries: 100_000, bytes: 24 * 2 ** 30, spareBytes: 2 ** 30 };

/** A tree in the making, all of it written by us into a folder that was empty: nobody else's link is ever followed. */
export interface TreeWriter {
  folder(path: string, refuse: Refuse): Promise<void>;
  /** Takes a file's content; `mine` marks whoever brings it: two may agree on a file, one may not bring it twice. */
  file(path: string, file: NewFile, refuse: Refuse): Promise<void>;
  symlink(path: string, target: string, mine: object, refuse: Refuse): Promise<void>;
  /** Another name of a file that is there. */
  hardLink(path: string, target: string, mine: object, refuse: Refuse): Promise<void>;
  /** All that was written. Throws a UserError, with its user's name for it, where a link leads out of it. */
  finish(title: string): Manifest;
}

export interface NewFile {
  readonly mode: number;
  readonly bytes: number;
  readonly content: AsyncIterable<Uint8Array>;
  readonly mine: object;
}

type Known = (TreeEntry & { readonly by: object }) | { readonly kind: 'folder' };

export function writeTree(root: string, limits: TreeLimits = treeLimits): TreeWriter {
  const known = new Map<string, Known>();
  let bytes = 0;
  const count = (refuse: Refuse) =>
    known.size < limits.entries || refuse(`is one of more than ${limits.entries}`);

  const folder = async (path: string, refuse: Refuse): Promise<void> => {
    const there = known.get(path);
    if (path === '' || path === '.' || there?.kind === 'folder') {
      return;
    }
    if (there) {
      refuse(`is a folder where there is a ${there.kind}, or lies behind it`);
    }
    await folder(dirname(path), refuse);
    count(refuse);
    await mkdir(join(root, path), { recursive: true, mode: 0o755 });
    known.set(path, { kind: 'folder' });
  };

  /** Makes the way to what is new; what is there already by another must turn out to be the same. */
  const prepare = async (path: string, mine: object, refuse: Refuse): Promise<Known | undefined> => {
    const there = known.get(path);
    if (there && (there.kind === 'folder' || there.by === mine)) {
      refuse(there.kind === 'folder' ? 'is there as a folder already' : 'is there twice');
    }
    if (!there) {
      count(refuse);
      await folder(dirname(path), refuse);
    }
    return there;
  };

  return {
    folder,
    async file(path, { mode: given, bytes: size, content, mine }, refuse) {
      if ((given & 0o6000) !== 0) {
        refuse('would run as its owner (setuid or setgid)');
      }
      const mode = (given & 0o111) === 0 ? 0o644 : 0o755;
      const there = await prepare(path, mine, refuse);
      bytes += there ? 0 : size;
      if (bytes > limits.bytes) {
        refuse(`brings what is unpacked to more than ${Math.round(limits.bytes / 2 ** 30)} GiB`);
      }
      if (!there && size > 2 ** 20) {
        await ensureRoom(root, path, size + limits.spareBytes);
      }
      const taken = await takeContent(content, there ? undefined : { path: join(root, path), mode });
      if (taken.bytes !== size) {
        refuse(`has ${taken.bytes} bytes, and says ${size}`);
      }
      if (!there) {
        known.set(path, { kind: 'file', mode, ...taken, by: mine });
      } else if (there.kind !== 'file' || there.sha256 !== taken.sha256 || there.mode !== mode) {
        refuse('is in two archives, and not the same');
      }
    },
    async symlink(path, target, mine, refuse) {
      const there = await prepare(path, mine, refuse);
      const written = targetOf(path, target, refuse);
      if (!there) {
        await symlink(written, join(root, path));
        known.set(path, { kind: 'link', target: written, by: mine });
      } else if (there.kind !== 'link' || there.target !== written) {
        refuse('is in two archives, and not the same');
      }
    },
    async hardLink(path, target, mine, refuse) {
      const original = known.get(target);
      if (original?.kind !== 'file') {
        return refuse('is a hard link to what is not in the tree');
      }
      const there = await prepare(path, mine, refuse);
      if (!there) {
        await link(join(root, target), join(root, path));
        known.set(path, { ...original, by: mine });
      } else if (there.kind !== 'file' || there.sha256 !== original.sha256) {
        refuse('is in two archives, and not the same');
      }
    },
    finish(title) {
      const linkAt = (path: string) => {
        const entry = known.get(path);
        return entry?.kind === 'link' ? entry.target : undefined;
      };
      for (const [path, entry] of known) {
        if (entry.kind === 'link' && followed(path, linkAt) === undefined) {
          throw new UserError(
            `cannot use ${title} as a Kata: its entry ${shown(path)} is a link out of the tree, or in circles, to ${shown(entry.target)}; get it anew, or build it anew`,
          );
        }
      }
      return new Map([...known].flatMap(([path, entry]) => bare(path, entry)));
    },
  };
}

function bare(path: string, entry: Known): readonly (readonly [string, TreeEntry])[] {
  if (entry.kind === 'folder') {
    return [];
  }
  const { by: _, ...told } = entry;
  return [[path, told]];
}
