import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { holdLock } from './host-lock.ts';
import { folderOf, lockOf, manifestOf, treeOf } from './kata-cache.ts';
import { configFolders, pieceFiles, shimFiles } from './layout-files.ts';
import { leftOut } from './left-out.ts';
import type { Manifest } from './manifest.ts';
import { kataRoot } from './tree-paths.ts';

/** A fixed time, so that the same tree makes the same tar: 2020-01-01, which no tool takes for broken. */
const mtime = new Date(1_577_836_800_000);
const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime };

/** The tar of what machines get of a Kata, made where it is not there yet. */
export async function cargoOf(cache: string, digest: string, signal: AbortSignal): Promise<string> {
  const table = createHash('sha256').update(leftOut.map(({ paths }) => paths.source).join('\n'));
  const folder = folderOf(cache, digest);
  const cargo = join(folder, `cargo-${table.digest('hex').slice(0, 8)}.tar.gz`);
  if (await isThere(cargo)) {
    return cargo;
  }
  await using _ = await holdLock(await lockOf(cache, `cargo ${digest}`), () => {}, signal);
  if (!(await isThere(cargo))) {
    const manifest = await manifestOf(cache, digest);
    if (!manifest) {
      throw new Error(
        `cannot pack the Kata ${digest}: it is gone from the cache; run again, and it is made anew`,
      );
    }
    await rm(`${cargo}.new`, { force: true });
    await writeCargo(`${cargo}.new`, treeOf(cache, digest), manifest, signal);
    await rename(`${cargo}.new`, cargo);
    await sweepCargo(folder, cargo);
  }
  return cargo;
}

/** Removes what was packed by another table or in another format, by a katafarm of before. */
async function sweepCargo(folder: string, current: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('cargo-'));
  const others = names.map((name) => join(folder, name)).filter((path) => path !== current);
  await Promise.all(others.map((path) => rm(path, { force: true })));
}

async function writeCargo(
  path: string,
  tree: string,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const tar = pack();
  // What is slow is the way into an emulated machine; an image is mostly holes.
  const writing = pipeline(tar, createGzip({ level: 1 }), createWriteStream(path), { signal });
  writing.catch(() => {});
  const folders = new Set<string>();

  for (const name of [...cargoPaths(manifest)].sort()) {
    signal.throwIfAborted();
    for (const folder of foldersTo(name).filter((candidate) => !folders.has(candidate))) {
      folders.add(folder);
      tar.entry({ ...owner, name: folder, type: 'directory', mode: 0o755 });
    }
    const entry = manifest.get(name);
    if (entry?.kind === 'link') {
      tar.entry({ ...owner, name, type: 'symlink', linkname: entry.target, mode: 0o777 });
    } else if (entry) {
      const { mode, bytes: size } = entry;
      await pipeline(createReadStream(join(tree, name)), tar.entry({ ...owner, name, mode, size }), {
        signal,
      });
    }
  }
  tar.finalize();
  await writing;
}

/** What of a Kata goes into machines: what no row of the table leaves out, and whatever a piece or a link of that leads to. */
export function cargoPaths(manifest: Manifest): ReadonlySet<string> {
  const pieces = [...Object.values(shimFiles), ...Object.values(pieceFiles)].map(
    (file) => `${kataRoot}/${file}`,
  );
  const wanted = [...manifest.keys()].filter((path) => pieces.includes(path) || !isLeftOut(path));
  const paths = new Set(wanted);
  // A set's iteration meets what is added on the way: links to links are followed to their end.
  for (const path of paths) {
    const entry = manifest.get(path);
    const target = entry?.kind === 'link' ? posix.join(posix.dirname(path), entry.target) : path;
    if (manifest.has(target)) {
      paths.add(target);
    }
  }
  return paths;
}

function isLeftOut(path: string): boolean {
  const below = path.slice(kataRoot.length + 1);
  // Configuration files are small, and all of them are in the layout.
  return !below.startsWith(configFolders.go) && leftOut.some(({ paths }) => paths.test(below));
}

function foldersTo(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === '.' ? [] : [...foldersTo(folder), folder];
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
