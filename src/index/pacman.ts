import { machineNames } from '../domain/arch.ts';
import { Finds, type Found, type IndexReader } from './index-reader.ts';
import { textsIn } from './tar-entries.ts';

/** Arch's: `REPO.db` in `…/REPO/os/ARCH`, a tar with a `desc` file a package. */
export const readPacman: IndexReader = async ({ repository, arch, wanted, get }): Promise<Found> => {
  const folder = repository.replaceAll('{arch}', machineNames[arch]).replace(/\/$/, '');
  const name = /\/([^/]+)\/os\/[^/]+$/.exec(folder)?.[1];
  if (name === undefined) {
    throw new Error(`"${repository}" is no pacman repository: it has to end in REPO/os/{arch}`);
  }

  const finds = new Finds();
  for await (const desc of textsIn(await get(`${folder}/${name}.db`), /\/desc$/)) {
    const fieldOf = (key: string) => new RegExp(`^%${key}%\\n(.+)$`, 'm').exec(desc)?.[1];
    const [own, version] = [fieldOf('NAME'), fieldOf('VERSION')];
    if (own !== undefined && version !== undefined && wanted.has(own)) {
      finds.add(own, version);
    }
  }
  return finds.all;
};
