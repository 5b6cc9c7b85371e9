import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { download } from '../../../download/download.ts';
import { fileDigest } from '../../../download/file-digest.ts';
import { UserError } from '../../../errors.ts';
import { lock } from '../../../host/lock.ts';
import type { Tell } from '../../../machine/machine.ts';
import type { Origin } from '../image-record.ts';
import { digestOfOwn } from './own-file.ts';
import { type Asking, askPublisher, mirrored, type Published } from './publisher.ts';
import type { Source } from './source.ts';
import { sweepHalves } from './sweep-halves.ts';

/** What is known of a source now, as facts: by these, a newer build is told from the one that the cache has. */
export async function originOf(release: string, source: Source, asking: Asking): Promise<Origin> {
  if (source.kind === 'file') {
    const hex = await digestOfOwn(release, source.path, asking.signal);
    return {
      'image.url': `file://${source.path}`,
      'image.published': `sha256:${hex}`,
      'image.trust': source.by,
    };
  }
  return factsOf(await askPublisher(release, source.image, asking), asking.mirrors);
}

function factsOf({ url, build, digest, signedBy }: Published, mirrors: Asking['mirrors']): Origin {
  const from = mirrored(url, mirrors);
  return {
    'image.url': url,
    ...(build !== undefined && { 'image.build': build }),
    'image.published': `${digest.algorithm}:${digest.hex}`,
    'image.trust': signedBy === undefined ? 'checksum' : `signed by ${signedBy}`,
    ...(from !== url && { 'image.mirror': from }),
  };
}

/** A disk at hand. Dispose of it when it is of no more use to this farm. */
export interface Had extends AsyncDisposable {
  readonly path: string;
  readonly origin: Origin;
  /** Called once an image was made of it: what was downloaded goes. */
  readonly made: () => Promise<void>;
}

/**
 * Has a release's disk, known by its digest before anything reads it. A download that broke off is gone on with, in this
 * run or in a later one; halves that nobody asks for go after seven days.
 */
export async function haveDownload(
  release: string,
  source: Source,
  cache: string,
  asking: Asking,
  tell: Tell,
): Promise<Had> {
  if (source.kind === 'file') {
    const origin = await originOf(release, source, asking);
    return { path: source.path, origin, made: async () => {}, [Symbol.asyncDispose]: async () => {} };
  }
  const { mirrors, signal, now } = asking;
  const published = await askPublisher(release, source.image, asking);
  const { url, digest } = published;
  const parent = join(cache, 'downloads');
  const folder = join(parent, digest.hex.slice(0, 32));
  await mkdir(folder, { recursive: true });
  await sweepHalves(parent, now());
  const path = join(folder, 'image');
  const from = mirrored(url, mirrors);

  const held = await lock(`${folder}.lock`, tell, signal);
  try {
    await fetchWhole(release, published, { path, from }, asking, tell);
    return {
      ...{ path, origin: factsOf(published, mirrors) },
      made: () => rm(folder, { recursive: true, force: true }),
      [Symbol.asyncDispose]: () => held[Symbol.asyncDispose](),
    };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

async function fetchWhole(
  release: string,
  { name, build, digest, url }: Published,
  { path, from }: { readonly path: string; readonly from: string },
  { manners, signal }: Asking,
  tell: Tell,
): Promise<void> {
  tell(`${release}: fetching ${name}${build === undefined ? '' : `, build ${build}`}`);
  const say = (line: string) => tell(`${release}: ${line.replace('fetching image:', `fetching ${name}:`)}`);
  if (!(await download(from, path, {}, manners, say, signal))) {
    throw new UserError(
      `cannot find ${from}: its checksum file knows it, and it is not there; try again later, take a mirror by --image-mirror FROM=TO, or bring the image by --image ${release}=FILE`,
      { exitCode: 3 },
    );
  }
  const found = await fileDigest(path, signal, digest.algorithm);
  if (found !== digest.hex) {
    await rm(path, { force: true });
    const whose = from === url ? 'somebody has changed it' : `${from} is not what ${url} is`;
    throw new UserError(
      `cannot use ${name} as it came: its ${digest.algorithm} is ${found}, and should be ${digest.hex}; it was thrown away: try again, and if it stays so, ${whose}`,
      { exitCode: 3 },
    );
  }
}
