import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { codeOf, refusal } from './write-artifacts.ts';

/**
 * Does something that no two processes may do at once: a file stands for the right to. Throws a UserError (exit 3)
 * where another holds it for longer than `patience` (milliseconds), dead or alive, and where it can't be made.
 */
export async function withLock<T>(path: string, deed: () => Promise<T>, patience = 30_000): Promise<T> {
  const end = performance.now() + patience;
  while (!(await take(path))) {
    if (performance.now() > end) {
      const holder = (await readFile(path, 'utf8').catch(() => '')).trim();
      throw new UserError(
        `cannot write beside ${path}: process ${holder || '(unknown)'} holds that lock; if it is dead, remove the file: rm ${path}`,
        { exitCode: 3 },
      );
    }
    await sleep(100);
  }

  try {
    return await deed();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      return false;
    }
    throw refusal(dirname(path), error);
  }
}
