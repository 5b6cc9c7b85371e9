import type { Cell } from '../domain/cell.ts';
import { repeatOf } from './words.ts';

/** Options that tell of somebody's host, and change nothing of what is tested; with a value, or without. */
const ofHost: Readonly<Record<string, 'value' | 'alone'>> = {
  '--mirror': 'value',
  '--out': 'value',
  '--memory': 'value',
  '--jobs': 'value',
  '--timeout': 'value',
  '--retries': 'value',
  '--keep': 'value',
  '--accel': 'value',
  '--shard': 'value',
  '--expect': 'value',
  '--offline': 'alone',
  '--fresh': 'alone',
  '--yes': 'alone',
  '--json': 'alone',
  '--quiet': 'alone',
  '--verbose': 'alone',
  '--strict': 'alone',
};

/** The command that repeats a cell, as somebody else may type it: files by their names alone. */
export function sharedCommand(cell: Cell, command: readonly string[]): string {
  let isValue = false;
  const kept = command.filter((word) => {
    if (!word.startsWith('--')) {
      return !isValue;
    }
    const [name = ''] = word.split('=');
    const kind = Object.hasOwn(ofHost, name) ? ofHost[name] : undefined;
    isValue = kind === 'value' && !word.includes('=');
    return kind === undefined;
  });
  const shared = kept.map((word, index) => (kept[index - 1] === '--ssh' ? anyHost(word) : fileName(word)));
  return repeatOf(cell, shared);
}

/** `debian-13=root@build-1`: whose machine it was is nobody's business. */
const anyHost = (word: string) => word.replace(/[^=]*$/, 'root@HOST');

/** `file:/srv/builds/kata.tar.zst` is somebody's folder; what it is called may help. */
export function fileName(word: string): string {
  return word.replace(/^((?:[\w.-]+=)?(?:(?:file|dir):)?)(?:~|\.{1,2})?\/(?:[^/]*\/)*([^/]+)\/?$/, '$1$2');
}
