import { machineNames } from '../domain/arch.ts';
import { Finds, type Found, type IndexReader } from './index-reader.ts';
import { textsIn } from './tar-entries.ts';

/** Void's: `ARCH-repodata`, a tar whose `index.plist` has a `pkgver` (`NAME-VERSION_REVISION`) a package. */
export const readXbps: IndexReader = async ({ repository, arch, wanted, get }): Promise<Found> => {
  const machine = machineNames[arch];
  const folder = repository.replaceAll('{arch}', machine).replace(/\/$/, '');
  const finds = new Finds();
  for await (const plist of textsIn(await get(`${folder}/${machine}-repodata`), /^(\.\/)?index\.plist$/)) {
    for (const [, name = '', version = ''] of plist.matchAll(
      /<key>pkgver<\/key>\s*<string>([^<]+)-([^-<]+_\d+)<\/string>/g,
    )) {
      if (wanted.has(name)) {
        finds.add(name, version);
      }
    }
  }
  return finds.all;
};
