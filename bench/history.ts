/**
 * What a year of nights costs that is kept for good: 25 releases, 6 stacks, 30 scenarios, against all nights as plain JSON.
 *
 *     node bench/history.ts [NIGHTS]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chronicleOf } from '../src/domain/chronicle-of.ts';
import type { Run } from '../src/domain/run.ts';
import { chronicleArtifacts } from '../src/publish/chronicle-store.ts';
import { writeArtifacts } from '../src/publish/write-artifacts.ts';
import { nightsOfYear } from '../test/support/year.ts';
import { type Folded, plainNight } from './history-fold.ts';
import type { Row } from './row.ts';

export async function history(nights = 365): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'katafarm-history-'));
  try {
    const artifacts = chronicleArtifacts(chronicleOf(alsoPlain(nights, join(folder, 'nights.json'))));
    await writeArtifacts(folder, artifacts);
    const bytes = artifacts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    const plain = (await stat(join(folder, 'nights.json'))).size;
    const [folded, byHand] = [fold('store', folder), fold('plain', folder)];
    return [
      {
        what: `history of ${nights} nights`,
        ...{ figure: bytes / 1e6, unit: 'MB', against: `plain JSON: ${(plain / 1e6).toFixed(0)} MB` },
        ...{ ratio: bytes / plain, limit: 'under 20 MB' },
      },
      {
        what: 'CPU of one more night in history',
        ...{ figure: folded.cpuMs, unit: 'ms', against: `plain JSON: ${byHand.cpuMs.toFixed(0)} ms` },
        ...{ ratio: folded.cpuMs / byHand.cpuMs, limit: 'under 5 s with all reports' },
      },
      {
        what: 'memory of one more night in history',
        ...{ figure: folded.peakMB, unit: 'MB', against: `plain JSON: ${byHand.peakMB.toFixed(0)} MB` },
        ...{ ratio: folded.peakMB / byHand.peakMB, limit: 'under 500 MB with all reports' },
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The nights of a year, each written down as plain JSON on the way. */
function* alsoPlain(nights: number, path: string): Generator<Run> {
  const file = openSync(path, 'w');
  let before = '[\n';
  for (const run of nightsOfYear({ nights })) {
    writeSync(file, `${before}${JSON.stringify(plainNight(run))}`);
    before = ',\n';
    yield run;
  }
  writeSync(file, '\n]\n');
  closeSync(file);
}

/** In a process of its own, as memory is counted by process. */
function fold(manner: 'store' | 'plain', folder: string): Folded {
  const script = join(import.meta.dirname, 'history-fold.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [script, manner, folder], { encoding: 'utf8' });
  if (!stdout) {
    throw new Error(`the fold said nothing: ${stderr}`);
  }
  return JSON.parse(stdout);
}

if (import.meta.main) {
  console.table(await history(Number(process.argv[2] ?? 365)));
}
