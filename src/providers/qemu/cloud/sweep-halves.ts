import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const keptMs = 7 * 24 * 60 * 60 * 1000;

/** Removes downloads that were begun, and that nobody went on with for seven days. */
export async function sweepHalves(parent: string, now: Date): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const path = join(parent, name);
    const found = await stat(join(path, 'image.part')).catch(() => stat(path).catch(() => undefined));
    if (found && now.getTime() - found.mtimeMs > keptMs) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
