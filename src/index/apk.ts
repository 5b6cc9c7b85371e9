import { machineNames } from '../domain/arch.ts';
import { Finds, type Found, type IndexReader } from './index-reader.ts';
import { textsIn } from './tar-entries.ts';

/** Alpine's: `APKINDEX`, stanzas of `P:` (name) and `V:` (version) lines, in a signed tar. */
export const readApk: IndexReader = async ({ repository, arch, wanted, get }): Promise<Found> => {
  const folder = repository.replaceAll('{arch}', machineNames[arch]).replace(/\/$/, '');
  const finds = new Finds();
  for await (const index of textsIn(await get(`${folder}/APKINDEX.tar.gz`), /^APKINDEX$/)) {
    for (const stanza of index.split('\n\n')) {
      const name = /^P:(.+)$/m.exec(stanza)?.[1];
      const version = /^V:(.+)$/m.exec(stanza)?.[1];
      if (name !== undefined && version !== undefined && wanted.has(name)) {
        finds.add(name, version);
      }
    }
  }
  return finds.all;
};
