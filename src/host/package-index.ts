import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runBound } from './bound-child.ts';
import { removeTree } from './remove-tree.ts';

/** One archive of a release's (suite, updates, security), as it was when an image was made from it. */
export interface IndexSource {
  /** Of its InRelease: where to ask whether it is still the same. */
  readonly url: string;
  /** The package lists that were used, as the InRelease names them: `main/binary-amd64/Packages`. */
  readonly lists: readonly string[];
  /** sha256 over what the InRelease says of these lists; its date and signature are not in it. */
  readonly digest: string;
}

/** apt's own downloader, so that the host's proxies hold (apt-helper, part of package apt). */
const helper = '/usr/lib/apt/apt-helper';

/** A mirror that is there answers in well under a second. */
const patienceMs = 30_000;

/**
 * Run by mmdebstrap as a customize hook, with the root as `$1`, before apt's lists are cleaned: puts what they say
 * of themselves into the folder `lists` beside the root. `MMDEBSTRAP_APT_CONFIG` makes apt look at the root's.
 */
export const keepLists = `set -eu
lists="\${1%/*}/lists"
mkdir -p "$lists"
cp "$1"/var/lib/apt/lists/*Release "$lists"
APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get indextargets \\
  --format '$(METAKEY) $(URI) $(FILENAME)' 'Created-By: Packages' > "$lists/targets"`;

/** Reads what `keepLists` put into a folder. */
export async function readLists(folder: string): Promise<readonly IndexSource[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('Release'));
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  );
  return indexOf(await readFile(join(folder, 'targets'), 'utf8'), new Map(texts));
}

/**
 * From apt's table of package lists (`METAKEY URI FILENAME` a line) and its Release files, by name, to what is asked
 * again. Throws where a list has no Release file. Pure.
 */
export function indexOf(targets: string, releases: ReadonlyMap<string, string>): readonly IndexSource[] {
  const lists = new Map<string, { readonly text: string; readonly lists: string[] }>();
  for (const line of targets.split('\n').filter((words) => words !== '')) {
    const [key = '', uri = '', file = ''] = line.split(' ');
    const release = [...releases].find(([name]) =>
      basename(file).startsWith(name.replace(/(In)?Release$/, '')),
    );
    if (!release || !uri.endsWith(key)) {
      throw new Error(`cannot find the Release file of ${uri}`);
    }
    const [name, text] = release;
    const url = uri.slice(0, -key.length) + name.slice(name.lastIndexOf('_') + 1);
    const known = lists.get(url) ?? { text, lists: [] };
    known.lists.push(key);
    lists.set(url, known);
  }
  return [...lists].map(([url, known]) => ({
    url,
    lists: known.lists.toSorted(),
    digest: digestOf(known.text, known.lists),
  }));
}

/**
 * Over a Release file's SHA256 lines of these package lists, however they are compressed. Throws where there is none: a
 * page of some portal's, say, in place of the file. Pure.
 */
export function digestOf(release: string, lists: readonly string[]): string {
  const said = release.match(/^SHA256:\n((?: .*\n?)*)/m)?.[1] ?? '';
  const lines = said.split('\n').flatMap((line) => {
    const [digest, bytes, name = ''] = line.trim().split(/\s+/);
    return lists.includes(name.replace(/\.\w+$/, '')) ? [`${name} ${bytes} ${digest}`] : [];
  });
  if (lines.length === 0) {
    throw new Error(`it says nothing of ${lists.join(', ')}`);
  }
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}

/**
 * Asks a release's archives whether their package lists are still those: the URLs of those that have changed. All
 * are asked at once. Throws an Error with apt's own words where one can't be asked.
 */
export async function askIndex(
  index: readonly IndexSource[],
  scratch: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(scratch, 'index-'));
  try {
    const pairs = index.flatMap(({ url }, place) => [url, join(folder, String(place))]);
    const options = ['Acquire::Retries=1', 'Acquire::http::Timeout=10', 'Acquire::https::Timeout=10'];
    const { code, output } = await runBound(
      ['env', 'LC_ALL=C', helper, ...options.flatMap((option) => ['-o', option]), 'download-file', ...pairs],
      { signal, limit: patienceMs },
    );
    if (code !== 0) {
      const complaint =
        output.split('\n').find((line) => line.startsWith('E: ')) ?? output.trim().slice(-200);
      throw new Error(complaint || `no answer within ${patienceMs / 1000} s`);
    }
    const same = await Promise.all(
      index.map(async ({ lists, digest }, place) => {
        return digestOf(await readFile(join(folder, String(place)), 'utf8'), lists) === digest;
      }),
    );
    return index.flatMap(({ url }, place) => (same[place] ? [] : [url]));
  } finally {
    await removeTree(folder);
  }
}
