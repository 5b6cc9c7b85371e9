import { execFile, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageIn } from '../../../scenarios/parts/told.ts';
import { root } from '../../support/farm.ts';

const parts = join(root, 'scenarios/parts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kata-sh-'));
  await writeFile(
    join(folder, 'kata.env'),
    'kata_runtime=io.containerd.kata-qemu.v2\nkata_config=/etc/katafarm/qemu/configuration.toml\nkata_image=busybox:1\n',
  );
  for (const name of ['machine.sh', 'kata.sh', 'kata-class.sh']) {
    await copyFile(join(parts, name), join(folder, name)).catch(() => {});
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a script that has kata.sh, where `ctr` is that script. */
async function sh(script: string, ctr = 'echo "$*"') {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'ctr'), `#!/bin/sh\n${ctr}\n`);
  await chmod(join(bin, 'ctr'), 0o755);
  const run = promisify(execFile)('/bin/sh', ['-euc', `. ./machine.sh; . ./kata.sh; ${script}`], {
    cwd: folder,
    timeout: 30_000,
    env: { PATH: `${bin}:${process.env['PATH']}` },
  });
  const { stdout, stderr } = await run.catch((error) => error);
  return { stdout, stderr, message: messageIn(stderr) };
}

describe('a container', () => {
  test.for([
    ['runc', '-n kata run --runtime io.containerd.runc.v2 --rm busybox:1 one uname -r\n'],
    [
      'kata',
      '-n kata run --runtime io.containerd.kata-qemu.v2 --runtime-config-path /etc/katafarm/qemu/configuration.toml ' +
        '--rm busybox:1 one uname -r\n',
    ],
  ])("is run by %s with that runtime's options, and no others", async ([how, line]) => {
    const { stdout } = await sh(`run_to_end ${how} one "$kata_image" one uname -r; cat one.out`);

    expect(stdout).toBe(line);
  });

  test.for(['runc', 'kata'])('that does not run by %s is a failure in the words of ctr', async (how) => {
    const ctr = 'echo "ctr: failed to create shim task: no such file: unknown" >&2; exit 1';

    const { message } = await sh(`run_to_end ${how} one "$kata_image" one true; echo on`, ctr);

    expect(message).toBe(
      `a container does not run by ${how}\nfailed to create shim task: no such file: unknown`,
    );
  });

  test.for(['runc', 'kata'])('that does not start by %s is a failure as well', async (how) => {
    const { message, stdout } = await sh(`start_sleeper ${how} one; echo on`, 'echo "ctr: no" >&2; exit 1');

    expect([message, stdout]).toEqual([`a container does not start by ${how}\nno`, '']);
  });

  test("of no known runtime is the farm's own mistake", async () => {
    const { message } = await sh('ctr_run crun busybox:1 one');

    expect(message).toBe('there is no runtime crun');
  });
});

describe('the processes of a sandbox', () => {
  const nameOf = { vmm_of: 'qemu-system-x86_64', virtiofsd_of: 'virtiofsd' } as const;

  /** A process with that program's name and that word on its command line, while `body` runs. */
  async function beside<T>(program: string, word: string, body: (pid: number) => Promise<T>): Promise<T> {
    const path = join(folder, program);
    // A shell takes words that it has no use for.
    await copyFile('/bin/sh', path);
    await chmod(path, 0o755);
    const child = spawn(path, ['-c', 'read line', 'sh', word], { stdio: ['pipe', 'ignore', 'ignore'] });
    try {
      return await body(child.pid ?? 0);
    } finally {
      child.kill('SIGKILL');
    }
  }

  test.for([
    ['vmm_of', 'sandbox-one,debug-threads=on', 'one'],
    ['vmm_of', 'sandbox-one', 'one'],
    ['vmm_of', '/run/kata/one/ch-api.sock', 'one'],
    ['virtiofsd_of', '--socket-path=/run/kata/one/virtiofsd.sock', 'one'],
  ] as const)('%s finds a program by %s', async ([look, word, sandbox]) => {
    const { stdout, pid } = await beside(nameOf[look], word, async (pid) => ({
      ...(await sh(`${look} ${sandbox}`)),
      pid,
    }));

    expect(stdout).toBe(`${pid}\n`);
  });

  test.for([
    ['vmm_of', nameOf.vmm_of, 'sandbox-two', 'of another sandbox'],
    ['vmm_of', nameOf.vmm_of, 'sandbox-one-more', 'of a sandbox whose name only begins so'],
    ['vmm_of', 'containerd-shim-kata-v2', '/run/kata/one/shim', 'that is no VMM'],
    ['vmm_of', nameOf.virtiofsd_of, '/run/kata/one/virtiofsd.sock', 'that is its virtiofsd'],
    ['virtiofsd_of', nameOf.virtiofsd_of, '/run/kata/two/virtiofsd.sock', 'of another sandbox'],
    ['virtiofsd_of', nameOf.vmm_of, '/run/kata/one/qmp', 'that is its VMM'],
  ] as const)('%s does not take %s %s: one %s', async ([look, program, word]) => {
    const { stdout } = await beside(program, word, () => sh(`${look} one`));

    expect(stdout).toBe('');
  });
});
