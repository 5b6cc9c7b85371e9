import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageIn } from '../../../scenarios/parts/told.ts';
import { root } from '../../support/farm.ts';

const parts = join(root, 'scenarios', 'parts');
const sources = ['machine', 'nested', 'virtiofsd'].map((name) => `. ${join(parts, name)}.sh`).join('; ');
/** Time flies where nobody sleeps: five seconds at every look at the clock. */
const hurried = 'sleep() { :; }; seconds_up() { echo . >>clock; echo $(($(wc -l <clock) * 5)); }';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waiting-'));
});

afterEach(async () => {
  const left = await readFile(join(folder, 'pid'), 'utf8').catch(() => undefined);
  await promisify(execFile)('kill', ['-9', left?.trim() ?? '']).catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

async function sh(script: string) {
  const run = promisify(execFile)('/bin/sh', ['-c', `set -eu; ${sources}; ${script}`], {
    cwd: folder,
    timeout: 4_000,
    killSignal: 'SIGKILL',
  });
  const { stdout, stderr } = await run.catch((error) => error);
  return { stdout, stderr, message: messageIn(stderr) };
}

const vmmPid = async () => Number(await readFile(join(folder, 'pid'), 'utf8'));

describe('a script that waits', () => {
  test('says at once what it waits for, and as it changes what that said last', async () => {
    const script = `${hurried}; come() { echo "word $(wc -l <clock)" >log; [ "$(wc -l <clock)" -gt 6 ]; }
      wait_for 'the guest' 'cat log' come`;

    const { stderr } = await sh(script);

    expect(stderr.split('\n')[0]).toBe('waiting for the guest');
    expect(stderr).toMatch(/^waiting for the guest, which said: word \d$/m);
  });

  test('has no limit of its own: whoever it waits for may take hours', async () => {
    const { stdout } = await sh(
      `${hurried}; come() { [ "$(wc -l <clock)" -gt 100 ]; }; wait_for 'the guest' true come; echo came`,
    );

    expect(stdout).toBe('came\n');
  });

  test('fails at once with the last words of a VMM that ended', async () => {
    const { message } = await sh(
      "start_vmm sh -c 'echo no such machine; exit 3'; wait_for_vmm QEMU 'make a QMP socket' [ -S qmp ]",
    );

    expect(message).toBe('QEMU ended with status 3 before it could make a QMP socket\nno such machine');
  });

  test('fails at once with the status of a VMM that ended instead of powering off', async () => {
    const { message } = await sh("start_vmm sh -c 'echo out of memory; exit 1'; wait_for_end");

    expect(message).toBe('the VMM ended with status 1\nout of memory');
  });

  test.for([
    ['hangs up', 'socat() { head -n 1 >hello; }'],
    ['ends', 'socat() { kill "$vmm"; cat >hello; }'],
  ])('fails at once where QEMU %s in place of an answer', async ([, socat]) => {
    await using server = createServer().listen(join(folder, 'qmp'));
    await once(server, 'listening');

    const { message } = await sh(`${socat}; start_vmm sleep 600; echo $vmm >pid; ask_qmp query-kvm`);

    expect(message).toMatch(/^QEMU did not answer query-kvm over QMP/);
  });

  test('fails at once where virtiofsd ends before it is ready', async () => {
    const { message } = await sh("start_virtiofsd Waiting sh -c 'echo no such folder >&2; exit 2'");

    expect(message).toBe("virtiofsd ended with status 2 on Kata's arguments: no such folder");
  });
});

describe('at the limit of a step its VMM still runs,', () => {
  const start = 'start_vmm sleep 600; echo $vmm >pid';

  test('whatever the script ended with', async () => {
    const { stderr } = await sh(`start_vmm sh -c 'echo a word; exec sleep 600'; echo $vmm >pid
      wait_for 'the word' 'cat vmm.log' says word vmm.log
      fail 'the guest said something else'`);

    expect(stderr).toContain('--- what the VMM said\na word\n');
    const pid = await vmmPid();
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  test.for(['SIGHUP', 'SIGPIPE', 'SIGTERM'] as const)('where the script ends by %s', async (signal) => {
    const script = spawn('/bin/sh', ['-c', `set -eu; ${sources}; ${start}; wait_for_end`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(script.stderr, 'data');

    script.kill(signal);
    await once(script, 'close');

    const pid = await vmmPid();
    expect(() => process.kill(pid, 0)).not.toThrow();
  });
});

test('no script of a scenario has a limit that would be a verdict', async () => {
  const files = await readdir(join(root, 'scenarios'), { recursive: true, withFileTypes: true });

  const limited = [];
  for (const file of files.filter((one) => one.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'utf8');
    limited.push(...(text.match(/^.*(?:\btimeout |wait_until|t\.factor).*$/gm) ?? []));
  }

  expect(limited).toEqual([]);
});
