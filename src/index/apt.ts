import { Finds, type Found, type IndexReader, piecesOf } from './index-reader.ts';

/** `deb URL SUITE COMPONENT…`, with options in brackets or without. */
const line = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/;

/** Debian's and Ubuntu's: `Packages` of each component (Debian's repository format, "Packages" indices). */
export const readApt: IndexReader = async ({ repository, arch, wanted, get }): Promise<Found> => {
  const [, url, suite, components = ''] = line.exec(repository.trim()) ?? [];
  if (url === undefined || suite === undefined) {
    throw new Error(`"${repository}" is no line of a sources.list: deb URL SUITE COMPONENT`);
  }

  const finds = new Finds();
  for (const component of components.trim().split(/\s+/)) {
    const folder = `${url.replace(/\/$/, '')}/dists/${suite}/${component}/binary-${arch}`;
    const index = await get(`${folder}/Packages.xz`).catch(() => get(`${folder}/Packages.gz`));
    for await (const stanza of piecesOf(index, '\n\n')) {
      const name = /^Package: (\S+)/m.exec(stanza)?.[1];
      const version = /^Version: (\S+)/m.exec(stanza)?.[1];
      if (name !== undefined && version !== undefined && wanted.has(name)) {
        finds.add(name, version);
      }
    }
  }
  return finds.all;
};
