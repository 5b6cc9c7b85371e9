import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import { qemuProvider } from '../../src/providers/qemu/provider.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';

const cache = cacheOf({ env: process.env, cwd: root });

/** Begins a run, and sends signals, one shortly after the other, when it has machines. */
async function endedBy(...signals: readonly NodeJS.Signals[]): Promise<Ended> {
  let sent = false;
  return farm(['run', 'debian-13', '--yes', '--kata', 'none'], {}, (said, pid) => {
    if (!sent && /probe took/.test(said)) {
      sent = true;
      signals.forEach((signal, index) => void setTimeout(() => process.kill(pid, signal), 3_000 + index));
    }
  });
}

it('cleans up, reports and exits 130 at Ctrl-C', async () => {
  const ended = await endedBy('SIGINT');

  const run = await runIn(ended.folder);
  expect(ended.code).toBe(130);
  expect(run.interrupted).toBe('SIGINT');
  expect(await readFile(join(ended.folder ?? '', 'junit.xml'), 'utf8')).toContain('<testsuites');
  expect(await leftBehind(cache, run.id)).toEqual([]);
});

it('ends at once at a second Ctrl-C, and leaves nothing all the same', async () => {
  const ended = await endedBy('SIGINT', 'SIGINT');
  const { id } = await runIn(ended.folder);

  await sleep(500);
  expect(ended.code).toBe(130);
  expect(await leftBehind(cache, id)).toEqual([]);
});

it('leaves no process when it is killed, and the next farm removes the rest', async () => {
  const ended = await endedBy('SIGKILL');
  const { id } = await runIn(ended.folder);

  await sleep(1_000);
  const processes = (await leftBehind(cache, id)).filter((left) => left.startsWith('process'));
  await using next = qemuProvider({
    accelerator: 'auto',
    cache,
    allowExpiredMirror: false,
    freshness: 'checked',
    now: () => new Date(),
  });
  const reaped = await next.reap();

  expect(processes).toEqual([]);
  expect(reaped.length).toBeGreaterThanOrEqual(2);
  expect(await leftBehind(cache, id)).toEqual([]);
});
