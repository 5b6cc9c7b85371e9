import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KataSource, KataTrust } from '../../domain/kata.ts';
import { download } from '../../download/download.ts';
import { RateLimited } from '../../download/trouble.ts';
import { UserError } from '../../errors.ts';
import type { Tell } from '../../machine/machine.ts';
import { fromArchives } from './from-files.ts';
import { askApi, type Release, releaseShape } from './github.ts';
import { holdLock } from './host-lock.ts';
import { downloadsOf, lockOf } from './kata-cache.ts';
import { findKata, type KataKey, pointTo } from './kata-keys.ts';
import { github, type KataOptions, repository } from './options.ts';
import { pinnedRelease } from './pinned.ts';
import { expectedOf, verify, weakest } from './verify.ts';

/** An archive of a release: what it is called, and where it is. */
interface Asset {
  readonly name: string;
  readonly url: string;
}

/** What a release has for amd64. The first has to be there; before 4.0 it was all there was. */
const kinds = ['kata-static', 'kata-go-static', 'kata-tools-static'] as const;

/** A Kata from a release: its archives, each known to be the publisher's before it is opened. */
export async function fromRelease(
  version: string,
  source: KataSource,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<KataKey> {
  const words = `release ${version}`;
  const known = await findKata(options.cache, words, options.now());
  if (known) {
    return known;
  }
  if (options.offline) {
    throw new UserError(
      `cannot have Kata ${version} offline: it is not in the cache; leave --offline out once, or say --kata file:PATH`,
      { exitCode: 3 },
    );
  }

  await using _ = await holdLock(await lockOf(options.cache, words), tell, signal);
  const folder = downloadsOf(options.cache, words);
  const release = await releaseOf(version, options, tell, signal);
  const had = await fetchAll(version, release, folder, options, tell, signal);
  const told = { source, title: source, trust: weakest(had.map(({ trust }) => trust)) };
  const paths = had.map(({ path }) => path);
  const key = await fromArchives(paths, told, options, tell, signal);
  await pointTo(options.cache, words, key);
  await rm(folder, { recursive: true, force: true });
  return key;
}

/**
 * What the API knows of a release; undefined where it won't say: archives can be had without it. It is the first that is
 * asked anything.
 */
async function releaseOf(
  version: string,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<Release | undefined> {
  try {
    const path = `/repos/${repository}/releases/tags/${version}`;
    const { servers = github, reach, token } = options;
    const release = await askApi(path, releaseShape, { servers: { ...servers, reach }, token }, signal);
    if (!release) {
      throw new UserError(
        `cannot find Kata ${version}: there is no such release; say one that there is, as in upstream:${pinnedRelease}`,
      );
    }
    return release;
  } catch (error) {
    if (error instanceof RateLimited) {
      tell('the release API says no more for now: going by the names that releases have');
      return undefined;
    }
    throw error;
  }
}

async function fetchAll(
  version: string,
  release: Release | undefined,
  folder: string,
  options: KataOptions,
  tell: Tell,
  signal: AbortSignal,
): Promise<readonly { readonly path: string; readonly trust: KataTrust }[]> {
  const { servers = github } = options;
  const had: { path: string; trust: KataTrust }[] = [];
  for (const kind of kinds) {
    const before = had.length;
    for (const asset of assetsOf(kind, version, release, servers.web)) {
      const path = join(folder, asset.name);
      const expected = await expectedOf(asset, release, options, signal);
      if (await download(asset.url, path, {}, servers, tell, signal)) {
        had.push({ path, trust: await verify(path, asset.name, expected, tell, signal) });
        break;
      }
    }
    if (kind === 'kata-static' && had.length === before) {
      throw new UserError(
        `cannot find an archive of Kata ${version} for amd64: the release has none; say one that has, as in upstream:${pinnedRelease}`,
      );
    }
  }
  return had;
}

/** Where an archive may be: as the API says, else by the names of 4.x and 3.x. */
function assetsOf(
  kind: string,
  version: string,
  release: Release | undefined,
  web: string,
): readonly Asset[] {
  const endings = ['amd64.tar.zst', 'amd64.tar.xz', 'x86_64.tar.xz'];
  const names = endings.map((ending) => `${kind}-${version}-${ending}`);
  if (!release) {
    const base = `${web}/${repository}/releases/download/${version}`;
    return names.map((name) => ({ name, url: `${base}/${name}` }));
  }
  return names.flatMap((name) =>
    release.assets
      .filter((asset) => asset.name === name)
      .map((asset) => ({ name, url: asset.browser_download_url })),
  );
}
