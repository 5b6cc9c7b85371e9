import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../errors.ts';

/** A package repository of somebody's own. */
export type Repository =
  | {
      readonly kind: 'folder';
      readonly path: string;
      /** With `dists/`, its suites and their components; a flat one has none. */
      readonly suites: readonly { readonly name: string; readonly components: readonly string[] }[];
    }
  | { readonly kind: 'address'; readonly words: readonly string[] };

const isAddress = (text: string) => /^[a-z][a-z0-9+.-]*:\/\//.test(text);

/**
 * Reads what `--with-repo` names: a folder, an address of a flat repository, or `ADDRESS SUITE COMPONENT…`. Throws a
 * UserError for a folder that is no repository.
 */
export async function repositoryOf(said: string, path: string): Promise<Repository> {
  const words = said.trim().split(/\s+/);
  if (isAddress(words[0] ?? '')) {
    if (words.length === 2 && !said.trim().endsWith('/')) {
      throw new UserError(
        `cannot use --with-repo "${said}": a suite has components; say ADDRESS SUITE COMPONENT, or the address alone of a flat repository`,
      );
    }
    return { kind: 'address', words };
  }
  const names = await readdir(path).catch((cause: Error) => {
    throw new UserError(`cannot read --with-repo ${said}: ${cause.message}; give a folder or an address`, {
      cause,
    });
  });
  if (names.includes('dists')) {
    return { kind: 'folder', path, suites: await suitesIn(join(path, 'dists'), said) };
  }
  if (!names.some((name) => /^Packages(\.(gz|xz|bz2|zst|lz4))?$/.test(name))) {
    throw new UserError(
      `cannot use --with-repo ${said}: it has neither dists/ nor Packages; make an index there by: dpkg-scanpackages . >Packages`,
    );
  }
  return { kind: 'folder', path, suites: [] };
}

async function suitesIn(dists: string, said: string) {
  const suites: { name: string; components: readonly string[] }[] = [];
  const names = (await readdir(dists)).toSorted();
  for (const name of names) {
    const release = await readFile(join(dists, name, 'Release'), 'utf8')
      .catch(() => readFile(join(dists, name, 'InRelease'), 'utf8'))
      .catch(() => '');
    const components = /^Components: (.+)$/m.exec(release)?.[1]?.trim().split(/\s+/) ?? [];
    // A link beside it (`stable` to `trixie`) is the same suite again.
    const place = await stat(join(dists, name));
    if (components.length > 0 && place.isDirectory()) {
      suites.push({ name, components: components.map((component) => basename(component)) });
    }
  }
  if (suites.length === 0) {
    throw new UserError(
      `cannot use --with-repo ${said}: no folder in its dists/ has a Release that names its Components`,
    );
  }
  return suites;
}
