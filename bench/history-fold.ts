/** Folds one more night into a folder's history, or into all nights as plain JSON, and says what that took. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeChronicles } from '../src/domain/chronicle-merge.ts';
import { chronicleOf } from '../src/domain/chronicle-of.ts';
import type { Run } from '../src/domain/run.ts';
import { chronicleArtifacts, readChronicle } from '../src/publish/chronicle-store.ts';
import { writeArtifacts } from '../src/publish/write-artifacts.ts';
import { nightsOfYear } from '../test/support/year.ts';

export interface Folded {
  readonly cpuMs: number;
  readonly peakMB: number;
}

/** A night as a script would keep it. */
export function plainNight({ id, startedAt, results }: Run): unknown {
  const cells = [...results].map(([cell, { outcome }]) => ({ cell, ...outcome }));
  return { run: id, at: startedAt, cells };
}

async function intoStore(folder: string, run: Run): Promise<void> {
  const chronicle = mergeChronicles([await readChronicle(folder), chronicleOf([run])]);
  await writeArtifacts(folder, chronicleArtifacts(chronicle));
}

async function intoPlain(folder: string, run: Run): Promise<void> {
  const path = join(folder, 'nights.json');
  const nights: unknown[] = JSON.parse(await readFile(path, 'utf8'));
  nights.push(plainNight(run));
  await writeFile(path, JSON.stringify(nights));
}

if (import.meta.main) {
  const [manner = '', folder = ''] = process.argv.slice(2);
  const [run] = nightsOfYear({ nights: 1, from: '2030-01-01' });
  if (!run) {
    throw new Error('there is no night');
  }
  const before = process.cpuUsage();
  await (manner === 'store' ? intoStore : intoPlain)(folder, run);
  const { user, system } = process.cpuUsage(before);
  const folded: Folded = {
    cpuMs: (user + system) / 1000,
    peakMB: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
  console.log(JSON.stringify(folded));
}
