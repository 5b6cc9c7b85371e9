import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFor } from '../../src/commands/edits.ts';
import { root } from '../support/farm.ts';

let folder: string;
let scenario: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'));
  await mkdir(join(folder, 'scenarios', 'vmm'), { recursive: true });
  await mkdir(join(folder, 'distros'));
  scenario = join(folder, 'scenarios', 'vmm', 'qemu.boot.ts');
  await writeFile(scenario, 'export default { first');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it('tells of several saves at once when they have come to rest, replaced files and new folders included', async () => {
  const { scenarios, distros } = {
    scenarios: [join(folder, 'scenarios')],
    distros: [join(folder, 'distros')],
  };
  using edits = watchFor({ scenarios, distros, out: '/runs', globs: [], releases: [] }, 300);
  const meant = edits.next();

  await writeFile(`${scenario}.new`, 'export default {}');
  await rename(`${scenario}.new`, scenario);
  await mkdir(join(folder, 'scenarios', 'host'));
  await sleep(100);
  await writeFile(join(folder, 'scenarios', 'host', 'cpu.ts'), 'export default {}');

  expect([...(await meant)].toSorted()).toEqual(['host.cpu', 'vmm.qemu.boot']);
});

it('tells of every save of the script of --prepare by an editor that puts another file in its place', async () => {
  const script = join(folder, 'fix.sh');
  const save = async (text: string) => {
    await writeFile(`${script}.new`, text);
    await rename(`${script}.new`, script);
  };
  await save('true');
  const places = { scenarios: [join(folder, 'scenarios')], distros: [join(folder, 'distros')] };
  using edits = watchFor({ ...places, script, out: '/runs', globs: ['none'], releases: ['none'] }, 20);

  for (const text of ['first', 'second', 'third']) {
    const meant = edits.next();
    await save(text);
    expect(await meant).toBe('all');
  }
}, 5_000);

it('shows the error of a file that does not parse, waits for the next edit, and ends with its run at Ctrl-C', async () => {
  const words = ['run', 'debian-13', '--watch', '--no-bundled', '--scenarios', join(folder, 'scenarios')];
  const child = spawn(join(root, 'katafarm'), words, {
    cwd: root,
    env: { ...process.env, KATAFARM_OUT: join(folder, 'out'), KATAFARM_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const errors = linesOf(child);

  await errors.until(/cannot be loaded: SyntaxError[\s\S]*waiting for an edit/);
  await writeFile(scenario, 'export default { second: true };');
  await errors.until(/edited: vmm\.qemu\.boot[\s\S]*unknown key "second"[\s\S]*waiting for an edit/);
  child.kill('SIGINT');

  expect(await closed).toEqual([130, null]);
  expect(await processesOf(folder)).toEqual([]);
});

function linesOf({ stderr }: ChildProcess) {
  let text = '';
  stderr?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  return {
    async until(pattern: RegExp): Promise<void> {
      for (const end = performance.now() + 60_000; !pattern.test(text); ) {
        if (performance.now() > end) {
          throw new Error(`never said ${pattern}; it said: ${text}`);
        }
        await sleep(50);
      }
      text = '';
    },
  };
}

async function processesOf(place: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(place));
}
