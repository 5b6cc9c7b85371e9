import type { KataRequest } from '../domain/kata.ts';
import { packingOf } from '../install/kata/decompress.ts';
import { type Tool, xz } from './tool-table.ts';

/** What unpacking the user's own archives takes of the host, by their content: their names can say anything. */
export async function toolsForKatas(requests: readonly KataRequest[]): Promise<readonly Tool[]> {
  const paths = requests.flatMap(({ source }) =>
    source.startsWith('file:') ? source.slice('file:'.length).split(',') : [],
  );
  // What can't be read is complained of by whoever unpacks it.
  const packings = await Promise.all(paths.map((path) => packingOf(path).catch(() => undefined)));
  return packings.includes('xz') ? [xz] : [];
}
