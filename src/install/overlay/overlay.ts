import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isPackaged } from '../../domain/claim.ts';
import type { Distro } from '../../domain/distro.ts';
import { changesBetween, type PackageChange, type Versions } from '../../domain/overlay.ts';
import type { Guest } from '../../machine/guest.ts';
import { archiveOf, filesBelow } from './folder-archive.ts';
import { managerOf, type OverlayManager, type OverlayOrder } from './manager.ts';
import type { OverlayParts } from './parts.ts';
import { Uninstallable } from './uninstallable.ts';

/** Packages that are put on top of a release. */
export interface Overlay {
  /** All that goes into it; its first line is for people. What a mirror adds is not known before. */
  readonly key: string;
  /**
   * Puts it into a machine that is up and has a network; says what changed. Throws an Uninstallable where that speaks of
   * the packages; whatever else it throws is the farm's trouble, a mirror's among it.
   */
  apply(guest: Guest, distro: Distro): Promise<OverlayResult>;
}

export interface OverlayResult {
  readonly changes: readonly PackageChange[];
  /** Packages that a repository has newer, and that were not taken, as no machine would run them. */
  readonly leftOut: readonly string[];
}

/** What was read of it, as something that can be put into machines. */
export async function overlayOf(parts: OverlayParts): Promise<Overlay> {
  const digest = createHash('sha256');
  for (const { path } of parts.packages) {
    await pipeline(createReadStream(path), digest, { end: false });
  }
  for (const repository of parts.repositories) {
    const files = repository.kind === 'folder' ? await filesBelow(repository.path) : [];
    digest.update(JSON.stringify(repository.kind === 'folder' ? repository.suites : repository.words));
    for (const { path, name } of files) {
      digest.update(`${name}\n`);
      await pipeline(createReadStream(path), digest, { end: false });
    }
  }
  digest.update(JSON.stringify(parts.suites));
  return {
    key: `overlay of ${parts.words.join(', ')}\n${digest.digest('hex')}`,
    apply: (guest, distro) => apply(parts, guest, distro),
  };
}

async function apply(parts: OverlayParts, guest: Guest, distro: Distro): Promise<OverlayResult> {
  const manager = managerOf(distro);
  if (!manager) {
    throw new TypeError(`no overlay is known for ${distro.packageManager}`);
  }
  const order = await bring(parts, guest, distro, manager);
  const { exitCode, stdout, stderr } = await guest.$`sh -eu -c ${manager.script(order)}`.nothrow();
  const trouble = manager.judge({ code: exitCode ?? -1, out: stdout, err: stderr });
  if (trouble) {
    const { whose, message, detail } = trouble;
    throw whose === 'packages'
      ? new Uninstallable(message, detail)
      : new Error(message, { cause: new Error(detail) });
  }

  const asked = valuesOf(stdout, 'asked');
  const changes = changesBetween(versionsIn(stdout, 'before'), versionsIn(stdout, 'after'), asked);
  return { changes, leftOut: valuesOf(stdout, 'left-out') };
}

/** Everything of this host's that it takes, in the machine. */
async function bring(
  { packages, repositories, suites }: OverlayParts,
  { $, push }: Guest,
  { parts }: Distro,
  { folder, source }: OverlayManager,
): Promise<OverlayOrder> {
  await $`mkdir -p ${folder}`;
  const files: string[] = [];
  for (const [index, { path, name }] of packages.entries()) {
    const remote = `${folder}/${index + 1}-${name.replaceAll(/[^A-Za-z0-9._+-]/g, '_')}`;
    await push(path, remote);
    files.push(remote);
  }
  const sources: string[] = [];
  for (const [index, repository] of repositories.entries()) {
    if (repository.kind === 'address') {
      const [place = '', suite, ...components] = repository.words;
      sources.push(source(place, suite, components));
    } else {
      const remote = `${folder}/repo-${index + 1}`;
      await pushFolder(repository.path, remote, { $, push });
      const place = `file:${remote}`;
      const lines = repository.suites.map(({ name, components }) => source(place, name, components));
      sources.push(...(lines.length > 0 ? lines : [source(place)]));
    }
  }
  const kernel = isPackaged(parts.kernel) ? parts.kernel.package : undefined;
  const names = Object.values(parts)
    .filter(isPackaged)
    .map((part) => part.package);
  return { files, sources, suites, parts: [...new Set(names)].filter((name) => name !== kernel) };
}

async function pushFolder(path: string, remote: string, { $, push }: Pick<Guest, '$' | 'push'>) {
  const own = await mkdtemp(join(tmpdir(), 'katafarm-repo-'));
  try {
    const archive = join(own, 'repo.tar');
    await pipeline(archiveOf(await filesBelow(path)), createWriteStream(archive));
    await push(archive, `${remote}.tar`);
    await $`mkdir -p ${remote}; tar -C ${remote} -xf ${remote}.tar; rm ${remote}.tar; chmod -R a+rX ${remote}`;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Lines that begin with a word, without it. */
function valuesOf(text: string, word: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
}

function versionsIn(text: string, word: string): Versions {
  return new Map(
    valuesOf(text, word).map((line) => {
      const [name = '', version = ''] = line.split(' ');
      return [name, version];
    }),
  );
}
