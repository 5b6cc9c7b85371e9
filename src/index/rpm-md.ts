import { text } from 'node:stream/consumers';
import { machineNames } from '../domain/arch.ts';
import { Finds, type Found, type IndexReader, piecesOf } from './index-reader.ts';

/** dnf's and zypper's: `repodata/repomd.xml` leads to the list of packages (createrepo_c's format). */
export const readRpmMd: IndexReader = async ({ repository, arch, wanted, get }): Promise<Found> => {
  const machine = machineNames[arch];
  const base = repository.replaceAll('{arch}', machine).replace(/\/$/, '');
  const repomd = await text(await get(`${base}/repodata/repomd.xml`));
  const primary = /<data type="primary">[\s\S]*?<location href="([^"]+)"/.exec(repomd)?.[1];
  if (primary === undefined) {
    throw new Error(`${base}/repodata/repomd.xml names no list of packages`);
  }

  const finds = new Finds();
  for await (const piece of piecesOf(await get(`${base}/${primary}`), '</package>')) {
    const name = /<name>([^<]+)<\/name>/.exec(piece)?.[1];
    const own = /<arch>([^<]+)<\/arch>/.exec(piece)?.[1];
    const [, epoch = '0', version, release] =
      /<version epoch="(\d*)" ver="([^"]+)" rel="([^"]+)"\/>/.exec(piece) ?? [];
    const isMeant = name !== undefined && wanted.has(name) && (own === machine || own === 'noarch');
    if (isMeant && version !== undefined) {
      finds.add(name, `${epoch === '0' || epoch === '' ? '' : `${epoch}:`}${version}-${release}`);
    }
  }
  return finds.all;
};
