import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Run, replay } from '../../src/domain/run.ts';
import { parseJournal } from '../../src/journal/parse.ts';
import type { Fault } from './fault.ts';
import { type Named, verdictOn, wordsOf } from './judgement.ts';

const root = resolve(import.meta.dirname, '../..');

/** Plants a fault in machines of debian-13 and runs the farm on them, by its command line; all of it stays in the folder. */
export async function tryFault(fault: Fault, folder: string): Promise<Named> {
  const { plant, scenario, beside = [] } = fault;
  const script = join(folder, 'plant.sh');
  await mkdir(folder, { recursive: true });
  await writeFile(script, `${plant.script}\n`);
  const own = scenario === 'host.propagation' || scenario === 'host.tc';
  const argv = [
    ...['run', 'debian-13', '--offline', '--kata', 'none', '--retries', '0', '--json', '--timeout', '30m'],
    ...[scenario, ...beside].flatMap((id) => ['--scenario', id]),
    ...(own ? ['--no-bundled', '--scenarios', join(root, 'test/faults/scenarios')] : []),
    ...[plant.cold ? '--prepare-cold' : '--prepare', script, '--out', join(folder, 'runs')],
  ];

  const started = performance.now();
  const child = spawn(join(root, 'katafarm'), argv, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const [[code]] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    pipeline(child.stderr, createWriteStream(join(folder, 'said.txt'))),
  ]);
  const seconds = (performance.now() - started) / 1000;

  const run = await runIn(join(folder, 'runs'));
  if (!run) {
    return { fault, folder, seconds, named: `no run (exit ${code})`, verdict: 'broken' };
  }
  return { fault, folder, seconds, ...namedIn(fault, run) };
}

/** What a run says of the fault that was planted in it. Pure. */
export function namedIn(fault: Fault, run: Run): Pick<Named, 'named' | 'confidence' | 'verdict'> {
  const result = [...run.results].find(([cell]) => cell.endsWith(`/${fault.scenario}`))?.[1];
  const status = result?.outcome?.status;
  const finding = result?.finding;
  if (finding) {
    const { confidence } = finding;
    return { named: wordsOf(finding), ...(confidence && { confidence }), verdict: verdictOn(fault, finding) };
  }
  // A fault that shows in nothing has not been planted.
  const isRed = status === 'failed' || status === 'errored';
  return {
    named: `no finding (${status ?? 'no cell'})`,
    verdict: isRed ? verdictOn(fault, undefined) : 'broken',
  };
}

async function runIn(folder: string): Promise<Run | undefined> {
  const [name] = await readdir(folder).catch(() => []);
  const journal = join(folder, name ?? '', 'journal.jsonl');
  const text = await readFile(journal, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : replay(parseJournal(text, journal));
}
