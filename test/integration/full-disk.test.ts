import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replay } from '../../src/domain/run.ts';
import { parseJournal } from '../../src/journal/parse.ts';
import { type FakeTools, fakeTools } from '../support/fake-tools.ts';
import { root } from '../support/farm.ts';

let folder = '';
let tools: FakeTools;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-'));
  tools = await fakeTools(join(folder, 'bin'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A run whose folder is on a disk of so many MiB; afterwards, what is on that disk. */
async function runOn(
  mib: number,
): Promise<{ readonly said: string; readonly files: string; readonly journal: string }> {
  const out = join(folder, 'out');
  await mkdir(out);
  const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const script = `mount -t tmpfs -o size=${mib}m none "$1"
    PATH="$2:$PATH" "$3/katafarm" run debian-13 --kata none 2>&1; echo "exit status $?"
    echo ----; ls "$1"/*
    echo ----; cat "$1"/*/journal.jsonl`;
  const child = spawn('unshare', [...asRoot, '--mount', 'sh', '-c', script, 'sh', out, tools.folder, root], {
    env: { ...process.env, KATAFARM_CACHE: join(folder, 'cache'), KATAFARM_OUT: out, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  await once(child, 'close');
  const [said = '', files = '', journal = ''] = text.split('----\n');
  return { said, files, journal };
}

it('ends a run whose disk is full while it records: exit status 3, whole lines, and nothing half-written', async () => {
  // Somebody else takes all that is left, in the middle of the run.
  await tools.inTheMiddle('cat /dev/zero >"$KATAFARM_OUT/somebody-else" || exit 25');

  const { said, files, journal } = await runOn(80);

  expect(said).toMatch(/katafarm: cannot record in .*journal\.jsonl: the disk is full; free some space/);
  expect(said).toMatch(/exit status 3\n$/);
  const run = replay(parseJournal(journal));
  expect(journal.endsWith('\n')).toBe(true);
  expect(run.endedAt).toBeUndefined();
  expect(files).not.toMatch(/\.new-|\.old-/);
});
