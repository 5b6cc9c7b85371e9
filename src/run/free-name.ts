import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The path of `NAME.txt` in a folder, and of `NAME-2.txt` where an earlier try has left that: both are evidence. */
export async function freeName(folder: string, name: string): Promise<string> {
  const there = new Set(await readdir(folder).catch(() => []));
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${name}.txt` : `${name}-${number}.txt`;
    if (!there.has(file)) {
      return join(folder, file);
    }
  }
}
