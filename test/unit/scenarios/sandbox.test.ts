import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageIn } from '../../../scenarios/parts/told.ts';
import { root } from '../../support/farm.ts';

const parts = join(root, 'scenarios/parts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-sh-'));
  await writeFile(join(folder, 'kata.env'), 'kata_runtime=r\nkata_config=configuration.toml\nkata_image=i\n');
  for (const name of (await readdir(parts)).filter((one) => one.endsWith('.sh'))) {
    await copyFile(join(parts, name), join(folder, name));
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a script that has sandbox.sh and the libraries, where `ctr` is that script and nobody sleeps. */
async function sh(libraries: readonly string[], script: string, ctr = 'true') {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'ctr'), `#!/bin/sh\n${ctr}\n`);
  await chmod(join(bin, 'ctr'), 0o755);
  const sources = ['machine', 'kata', 'sandbox', ...libraries].map((name) => `. ./${name}.sh`).join('; ');
  const run = promisify(execFile)(
    '/bin/sh',
    ['-euc', `${sources}; sleep() { :; }; kata_words() { :; }; ${script}`],
    {
      cwd: folder,
      timeout: 30_000,
      env: { PATH: `${bin}:${process.env['PATH']}` },
    },
  );
  const { stdout, stderr } = await run.catch((error) => error);
  return { stdout, stderr, message: messageIn(stderr), kind: /^katafarm-class: (.*)$/m.exec(stderr)?.[1] };
}

describe('a container that has ended', () => {
  test('is removed, and its task before it', async () => {
    const { stdout } = await sh([], 'remove one; cat calls', 'echo "$*" >>calls');

    expect(stdout).toBe('-n kata tasks rm one\n-n kata containers rm one\n');
  });

  test('is removed where its shim ends just then, once containerd has let go of it', async () => {
    const ctr = `case "$*" in
      *'tasks rm'*) echo 'ctr: failed to delete task: ttrpc: closed: unknown' >&2; exit 1 ;;
      *'tasks ls'*) echo look >>looks; [ "$(wc -l <looks)" -gt 2 ] || echo 'one 12 STOPPED' ;;
      *) echo "removed after $(wc -l <looks) looks" >>calls ;;
    esac`;

    const { stdout } = await sh([], 'remove one; cat calls', ctr);

    expect(stdout).toBe('removed after 3 looks\n');
  });

  test("that can't be removed is a failure in the words of ctr", async () => {
    const ctr = 'echo "ctr: task must be stopped before deletion: running" >&2; exit 1';

    const { message } = await sh([], 'remove one; echo on', ctr);

    expect(message).toBe("the task of one can't be removed\ntask must be stopped before deletion: running");
  });
});

test('a status is of the task of that very name', async () => {
  const ctr = 'printf "TASK PID STATUS\\none-more 12 RUNNING\\none 13 STOPPED\\n"';

  expect((await sh([], 'task_status one; task_status other', ctr)).stdout).toBe('STOPPED\n');
});

describe('leftovers', () => {
  test('are none where all is as before', async () => {
    const { message, stdout } = await sh(
      [],
      'traces() { echo mount /a; }; remember_traces; expect_nothing_left; echo on',
    );

    expect([message, stdout]).toEqual([undefined, 'on\n']);
  });

  test('may take their time to go', async () => {
    const traces = 'traces() { echo x >>looks; [ "$(wc -l <looks)" -gt 4 ] || echo mount /b; }';

    const { stdout } = await sh([], `: >traces.before; ${traces}; expect_nothing_left; cat looks`);

    expect(stdout).toBe('x\n'.repeat(5));
  });

  test('are a failure that names them, and them alone', async () => {
    const before = 'traces() { echo mount /a; }; remember_traces';
    const after = 'traces() { echo mount /a; echo process /usr/libexec/virtiofsd 7; }; expect_nothing_left';

    const { message, kind } = await sh([], `${before}; ${after}`);

    expect(kind).toBe('leftover-state');
    expect(message).toBe('the container is gone and left this:\nprocess /usr/libexec/virtiofsd 7');
  });

  test('that Kata leaves on any distro are told, and not counted', async () => {
    const traces = 'traces() { echo entry /run/netns/cnitest-12; }';

    const { message, stdout } = await sh(
      [],
      `: >traces.before; ${traces}; expect_nothing_left; cat left.known`,
    );

    expect([message, stdout]).toEqual([undefined, 'entry /run/netns/cnitest-12\n']);
  });

  test('are looked for in what containerd knows', async () => {
    const ctr = `case "$*" in
      *containers*) echo one ;;
      *tasks*) echo two ;;
      *) printf 'KEY PARENT KIND\\nsha256:1  Committed\\nthree sha256:1 Active\\n' ;;
    esac`;

    const { stdout } = await sh([], 'traces', ctr);

    expect(stdout).toMatch(/^container one\ntask two\nsnapshot three\n/);
    expect(stdout).toContain('mount /proc\n');
  });
});

describe('several at once', () => {
  test('are a failure where one of them fails, in its words', async () => {
    const ctr = 'case "$*" in *round-2*) echo "ctr: no room" >&2; exit 1 ;; esac';

    const { message, stdout } = await sh(['parallel'], 'start_all round 3; echo on', ctr);

    expect([message, stdout]).toEqual(['a container does not start by kata\nno room', '']);
  });

  test('are in no VM where they run on one kernel', async () => {
    const { kind } = await sh(['parallel'], 'each_its_own round 2', 'cat /proc/sys/kernel/random/boot_id');

    expect(kind).toBe('guest-kernel-same');
  });

  test('are each in a VM of their own where they have as many kernels', async () => {
    const ctr = 'case "$*" in *round-1*) echo b-1 ;; *) echo b-2 ;; esac';

    expect((await sh(['parallel'], 'each_its_own round 2; echo on', ctr)).stdout).toBe('on\n');
  });
});

describe("what is configured of Kata's guest", () => {
  const configure = async (base: string, dropIn: string) => {
    await writeFile(join(folder, 'configuration.toml'), base);
    await mkdir(join(folder, 'config.d'));
    await writeFile(join(folder, 'config.d/60-katafarm.toml'), dropIn);
  };

  test('is what a drop-in says, and else what the base says', async () => {
    await configure(
      '[hypervisor.qemu]\nblock_device_aio = "io_uring"\nrootfs_type = "ext4" # as it was\n',
      '[hypervisor.qemu]\nblock_device_aio = "threads"\n',
    );

    const { stdout } = await sh(
      ['guest'],
      'configured block_device_aio; configured rootfs_type; configured nothing',
    );

    expect(stdout).toBe('threads\next4\n');
  });

  test("makes the kernel's command line, with a root for an image and none for an initrd", async () => {
    await configure('rootfs_type = "ext4"\nkernel_params = "cgroup_no_v1=all"\n', '');

    const { stdout } = await sh(['guest'], 'guest_words /dev/pmem0p1 dax,; guest_words');

    const [image, initrd] = stdout.split('\n');
    expect(image).toContain(
      ' root=/dev/pmem0p1 rootflags=dax,data=ordered,errors=remount-ro ro rootfstype=ext4 cgroup_no_v1=all',
    );
    expect(initrd).not.toContain(' root=');
    expect(initrd).toMatch(/ cgroup_no_v1=all$/);
  });
});
