import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { facilities, facilitiesScript, mendingOf, readingsIn } from '../../../src/diagnose/facilities.ts';
import { scriptOf } from '../../../src/diagnose/facility.ts';
import { isMeant } from '../../../src/domain/scenario.ts';

const run = promisify(execFile);
let folder: string;

// Shells take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facilities-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One facility, in a machine where these commands say other than here. */
async function tried(id: string, stubs: Readonly<Record<string, string>>, time?: number) {
  for (const [name, body] of Object.entries(stubs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const script = scriptOf(
    facilities.filter((facility) => facility.id === id),
    time,
  );
  const { stdout } = await run('/bin/sh', ['-c', script], {
    env: { PATH: `${folder}:${process.env['PATH']}` },
    timeout: 60_000,
  });
  return readingsIn(stdout)[0];
}

const full = "echo 'Filesystem 1024-blocks Used Available Capacity Mounted'; echo 'x 100000 99990 10 100% /'";

describe('a facility, tried by use', () => {
  it.for<[id: string, stubs: Readonly<Record<string, string>>, ok: boolean | undefined, said: RegExp]>([
    ['disk', { df: full }, false, /^\/ has 10 KiB left/],
    ['inodes', { df: "echo h; echo 'x 9000 8991 9 100% /'" }, false, /9 of 9000 inodes left/],
    ['inodes', { df: "echo h; echo 'x - - - - /'" }, true, /inodes everywhere/],
    [
      'shm',
      { stat: 'echo tmpfs', df: "echo h; echo 'shm 4 0 4 0% /dev/shm'" },
      false,
      /\/dev\/shm has 4 KiB of \d+ KiB memory/,
    ],
    ['shm', { stat: 'echo ext4' }, false, /is ext4, and no tmpfs/],
    ['cgroup', { stat: 'echo tmpfs' }, false, /is tmpfs, and not cgroup2fs/],
    [
      'tc',
      { unshare: 'echo mirred; exit 1', tc: ':', ip: ':', modinfo: 'exit 1' },
      false,
      /the kernel has no module act_mirred/,
    ],
    [
      'tc',
      { unshare: 'echo ingress; exit 1', tc: ':', ip: ':', modinfo: ':' },
      false,
      /its modules are there: sch_ingress/,
    ],
    ['tc', { unshare: ':', tc: ':', ip: ':' }, true, /can be led/],
    ['runc', { runc: 'echo broken on purpose >&2; exit 1' }, false, /runc does not run: broken on purpose/],
    ['runc', { runc: 'echo runc version 1' }, true, /runc version 1/],
    [
      'containerd',
      { containerd: 'echo x; echo "containerd: line 3: bad" >&2; exit 1' },
      false,
      /does not load: containerd: line 3: bad/,
    ],
    ['containerd', { containerd: ':', systemctl: 'echo failed; exit 3' }, false, /containerd is failed/],
    ['containerd', { containerd: ':', systemctl: 'echo active', ctr: 'exit 1' }, false, /does not answer/],
    ['containerd', { containerd: ':', systemctl: 'echo active', ctr: ':' }, true, /answers/],
    ['kata-label', { getenforce: 'echo Disabled' }, undefined, /no SELinux/],
  ])('%s', async ([id, stubs, ok, said]) => {
    const reading = await tried(id, stubs);

    expect(reading?.ok).toBe(ok);
    expect(reading?.said).toMatch(said);
  });

  it.for([
    [0, true],
    [-86_400, false],
    [86_400, false],
  ] as const)('tells by how much the clock is off: %s s', async ([off, ok]) => {
    expect((await tried('clock', {}, Math.floor(Date.now() / 1000) - off))?.ok).toBe(ok);
  });

  it('that can not be tried says so', async () => {
    expect(await tried('clock', {})).toMatchObject({ facility: 'clock', said: 'nothing to compare it with' });
    expect(await tried('clock', {})).not.toHaveProperty('ok');
  });

  it('that never ends is neither well nor red', async () => {
    expect(await tried('runc', { timeout: 'exit 124' })).toEqual({
      facility: 'runc',
      said: 'it came to no end',
    });
  });
});

describe('all facilities', () => {
  it('are scripts that any shell understands', async () => {
    await run('/bin/sh', ['-n', '-c', facilitiesScript()]);
    for (const { script, mend = ':' } of facilities) {
      await run('/bin/sh', ['-n', '-c', script]);
      await run('/bin/sh', ['-n', '-c', mend]);
    }
  });

  it('fit into one argument of a command', () => {
    expect(facilitiesScript(0).length).toBeLessThan(32 * 1024);
  });

  it.for(facilities)(
    '$id can take the blame somewhere, and always names somebody',
    ({ takesBlameIn, blames, explains }) => {
      const scenarios = [
        'host.boot',
        'host.kvm',
        'host.devices',
        'host.lsm',
        'control.runc',
        'vmm.qemu.boot',
        'kata.uname',
      ] as const;

      expect(scenarios.some((id) => takesBlameIn.some((glob) => isMeant(id, glob)))).toBe(true);
      expect(blames.length).toBeGreaterThan(0);
      expect(explains.length).toBeGreaterThan(0);
    },
  );

  test('of which one can be put right have a script for that, others none', () => {
    expect(mendingOf('io-uring')).toContain('io_uring_disabled=0');
    expect(mendingOf('runc')).toBeUndefined();
    expect(mendingOf('no such facility')).toBeUndefined();
  });
});

describe('what a machine prints', () => {
  it('is read line by line, whatever else it says', () => {
    const output =
      'Welcome\nkatafarm-facility disk 0 there is room\nkatafarm-facility runc 1 there is no runc\nbye';

    expect(readingsIn(output)).toEqual([
      { facility: 'disk', ok: true, said: 'there is room' },
      { facility: 'runc', ok: false, said: 'there is no runc' },
    ]);
  });

  it.for([
    ['of a facility that nobody asked for', 'katafarm-facility constructor 1 x'],
    ['not at the beginning of a line', 'x katafarm-facility disk 1 x'],
    ['without a number', 'katafarm-facility disk one x'],
  ])('says nothing %s', ([, line]) => {
    expect(readingsIn(line ?? '')).toEqual([]);
  });

  it('is believed once', () => {
    expect(readingsIn('katafarm-facility disk 0 a\nkatafarm-facility disk 1 b')).toEqual([
      { facility: 'disk', ok: true, said: 'a' },
    ]);
  });

  it('has no control characters, and an end', () => {
    const [reading] = readingsIn(`katafarm-facility disk 1 \u001b[2Jred\u0007\u202e${'x'.repeat(10_000)}`);

    expect(reading?.said).toMatch(/^redx+…$/);
    expect(reading?.said.length).toBeLessThanOrEqual(300);
    expect(readingsIn(`${'x\n'.repeat(100_000)}katafarm-facility disk 1 x`)).toEqual([]);
  });
});
