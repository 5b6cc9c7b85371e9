import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const cli = resolve(import.meta.dirname, '../../src/cli.ts');

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-process-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Starts a doctor that waits for a tool which runs `script` in place of telling its version. */
async function startBusyDoctor(script: string): Promise<ChildProcessWithoutNullStreams> {
  const started = join(folder, 'started');
  await writeFile(join(folder, 'qemu-img'), `#!/bin/sh\n${script.replaceAll('STARTED', `'${started}'`)}\n`);
  await chmod(join(folder, 'qemu-img'), 0o755);

  const child = spawn(process.execPath, [cli, 'doctor'], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
  });
  child.stdout.resume();
  child.stderr.resume();
  while (
    !(await access(started).then(
      () => true,
      () => false,
    ))
  ) {
    await sleep(20);
  }
  return child;
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the work in order, with exit status %d', async (signal, status) => {
    const child = await startBusyDoctor('touch STARTED; exec sleep 30');

    child.kill(signal);

    expect(await once(child, 'close')).toEqual([status, null]);
  });

  it('ends it at once when it comes twice', async () => {
    const child = await startBusyDoctor("trap '' TERM; touch STARTED; sleep 3; echo done > STARTED");

    child.kill('SIGINT');
    await sleep(200);
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');

    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(await readFile(join(folder, 'started'), 'utf8')).toBe('');
  });
});

describe('stdout', () => {
  it('may go away before all is said', async () => {
    const child = spawn('/bin/sh', ['-c', `'${process.execPath}' '${cli}' --help | true`]);
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });

    await once(child, 'close');

    expect(complaints).toBe('');
  });
});
