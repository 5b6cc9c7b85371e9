import { join } from 'node:path';
import { root } from '../support/farm.ts';
import { type StandInShim, standInKata } from '../support/stand-in-kata.ts';

/** The `--kata` of a stand-in at a place of its own: the template that has it is there for the next run of the tests. */
export async function standInIn(shim: StandInShim): Promise<`dir:${string}`> {
  const folder = join(root, 'node_modules/.cache/stand-in-kata', shim);
  return `dir:${await standInKata({ shim, folder })}`;
}
