import PQueue from 'p-queue';
import type { Distro } from '../domain/distro.ts';
import { judgeOnline, type Needed, namesByPart, namesOf, type OnlineRemark } from '../domain/online.ts';
import { defaultSources } from '../index/default-sources.ts';
import { getter } from '../index/get.ts';
import { Finds, type Found, type Get, type IndexReader } from '../index/index-reader.ts';
import { readers } from '../index/readers.ts';
import type { Context } from './context.ts';

/** What came of asking one release's own index. */
export interface Asked {
  readonly distro: Distro;
  readonly remarks: readonly OnlineRemark[];
  /** Why it could not be asked: nothing is said of it then. */
  readonly trouble?: string;
}

/** Indexes that are read at once: some are 100 MB of text. */
const atOnce = 2;

/** Asks the index of each release whether what its file says of packages is so. `all`: the catalogue, for names. */
export async function askIndexes(
  distros: readonly Distro[],
  all: readonly Distro[],
  needed: Needed,
  { err, env, signal }: Pick<Context, 'err' | 'env' | 'signal'>,
): Promise<readonly Asked[]> {
  const names = namesByPart(all);
  const get = getter(signal);
  const queue = new PQueue({ concurrency: atOnce });

  return queue.addAll(
    distros.map((distro) => async (): Promise<Asked> => {
      const reader = readers[distro.packageManager];
      if (typeof reader !== 'function') {
        return { distro, remarks: [], trouble: reader.because };
      }
      err(`${distro.id}: asking its package index\n`);
      try {
        const repositories = await repositoriesOf(distro, env['KATAFARM_MIRROR'] || undefined, signal);
        const found = await everything(distro, repositories, namesOf(distro, names), reader, get);
        return { distro, remarks: judgeOnline(distro, found, names, needed) };
      } catch (error) {
        signal.throwIfAborted();
        return { distro, remarks: [], trouble: (error as Error).message };
      }
    }),
  );
}

async function repositoriesOf(
  { repositories, images: { qemu } }: Distro,
  mirror: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (repositories) {
    return repositories;
  }
  if (qemu) {
    return defaultSources(qemu, mirror, signal);
  }
  throw new Error('its file names no repositories');
}

async function everything(
  { arch }: Distro,
  repositories: readonly string[],
  wanted: ReadonlySet<string>,
  reader: IndexReader,
  get: Get,
): Promise<Found> {
  const finds = new Finds();
  for (const repository of repositories) {
    for (const [name, versions] of await reader({ repository, arch, wanted, get })) {
      for (const version of versions) {
        finds.add(name, version);
      }
    }
  }
  return finds.all;
}
