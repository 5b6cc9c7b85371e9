/**
 * What a year of nights costs that is kept for good: 25 releases, 6 stacks, 30 scenarios, against all nights as plain JSON.
 *
 *     node bench/history.ts [NIGHTS]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chronicleOf } from '../src/domain/chronicle-of.ts';
import { keptNights } from '../src/domain/nights.ts';
import type { Run } from '../src/domain/run.ts';
import { chronicleArtifacts } from '../src/publish/chronicle-store.ts';
import { publish } from '../src/publish/publish.ts';
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
      ...(await published(folder, nights)),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One more night with everything that is published, after a year of them; `folder` has their history. */
async function published(folder: string, nights: number): Promise<readonly Row[]> {
  const last: Run[] = [];
  for (const run of nightsOfYear({ nights })) {
    last.push(run);
    last.splice(0, last.length - keptNights);
  }
  await publish(last, { folder, pages: () => [], today: last.at(-1)?.startedAt.slice(0, 10) ?? '' });
  const { cpuMs, peakMB } = measured('publish-night.ts', [folder]);
  const store = (await stat(join(folder, 'matrix.json'))).size + (await sizeOf(join(folder, 'history')));
  return [
    { what: 'CPU of publishing one more night', figure: cpuMs, unit: 'ms', limit: 'under 5 s' },
    { what: 'memory of publishing one more night', figure: peakMB, unit: 'MB', limit: 'under 500 MB' },
    { what: 'matrix.json and history after a year', figure: store / 1e6, unit: 'MB', limit: 'under 20 MB' },
  ];
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
  return measured('history-fold.ts', [manner, folder]);
}

/** What a script of this folder says that it took, with the launcher's flags. */
function measured(script: string, words: readonly string[]): Folded {
  const argv = ['--max-semi-space-size=4', join(import.meta.dirname, script), ...words];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (!stdout) {
    throw new Error(`${script} said nothing: ${stderr}`);
  }
  return JSON.parse(stdout);
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

if (import.meta.main) {
  console.table(await history(Number(process.argv[2] ?? 365)));
}
