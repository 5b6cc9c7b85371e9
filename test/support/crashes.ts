import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '../../src/domain/entry.ts';
import { type Owner, ownerOf } from '../../src/host/owner.ts';
import { parseJournal } from '../../src/journal/parse.ts';
import { root } from './farm.ts';

export interface Crashed {
  /** Of the last sitting, which nobody killed. */
  readonly code: number | null;
  readonly entries: readonly Entry[];
  /** What a killed farm had started and was still there ten seconds into the next sitting. */
  readonly orphans: readonly string[];
  /** Milliseconds into each sitting at which it was killed. */
  readonly instants: readonly number[];
  /** Of the last sitting. */
  readonly err: string;
}

/**
 * Runs `katafarm run` with these words, kills it (-9) at random instants, goes on with it each time, and lets the last
 * sitting come to its end. The seed is told, so that a failure can be had again.
 */
export async function crashed(
  words: readonly string[],
  times: number,
  longestMs: number,
  seed = process.pid,
): Promise<Crashed> {
  const out = await mkdtemp(join(tmpdir(), 'farm-crashes-'));
  const random = randomFrom(seed);
  process.stderr.write(`crashing ${times} times, seed ${seed}\n`);
  const orphans: string[] = [];
  const instants: number[] = [];
  let before: readonly Owner[] = [];

  for (let left = times; ; left--) {
    const run = (await readdir(out)).at(0);
    const has = run !== undefined && (await entriesOf(out, run)).length > 0;
    const argv = has ? ['run', '--resume', run, '--out', out] : ['run', ...words, '--out', out];
    const child = spawn(join(root, 'katafarm'), argv, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    const closed = once(child, 'close') as Promise<[number | null]>;
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });

    if (left === 0) {
      await Promise.race([closed, sleep(10_000)]);
      orphans.push(...(await still(before)));
      const [code] = await closed;
      const [id = ''] = await readdir(out);
      return { code, entries: await entriesOf(out, id), orphans, instants, err };
    }
    const instant = Math.round(random() * longestMs);
    instants.push(instant);
    await Promise.race([closed, sleep(Math.min(instant, 10_000))]);
    orphans.push(...(await still(before.filter(() => instant >= 10_000))));
    await Promise.race([closed, sleep(Math.max(0, instant - 10_000))]);
    before = [...before, ...(await startedBy(child.pid ?? 0))];
    child.kill('SIGKILL');
    await closed;
  }
}

async function entriesOf(out: string, run: string): Promise<readonly Entry[]> {
  const journal = join(out, run, 'journal.jsonl');
  return parseJournal(await readFile(journal, 'utf8').catch(() => ''), journal);
}

/** Every process below one, as it is now. */
async function startedBy(pid: number): Promise<readonly Owner[]> {
  const lists = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = lists.split(' ').filter(Boolean).map(Number);
  const below = await Promise.all(children.map(startedBy));
  return [...children.flatMap((child) => ownerOf(child) ?? []), ...below.flat()];
}

/** Those that are still there, in words. */
async function still(owners: readonly Owner[]): Promise<readonly string[]> {
  const there = owners.filter(({ pid, started }) => ownerOf(pid)?.started === started);
  return Promise.all(
    there.map(async ({ pid }) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return `${pid}: ${command.replaceAll('\0', ' ').slice(0, 200)}`;
    }),
  );
}

/** Mulberry32: the same seed gives the same numbers, from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
