import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cellOf } from '../../../src/domain/cell.ts';
import type { KataPiece } from '../../../src/domain/kata.ts';
import type { KataInstaller } from '../../../src/install/install-kata.ts';
import { guestOf } from '../../../src/machine/guest.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { swapsOf } from '../../../src/run/donors.ts';
import { lsmOff, NothingToSwap, putOver } from '../../../src/run/swap.ts';
import type { LoadedScenario } from '../../../src/scenario.ts';
import { distroLike, kataLike, scenarioLike } from '../../support/domain.ts';

let root = '';
let pushed: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'swap-'));
  pushed = [];
  await mkdir(join(root, 'tools'));
  await mkdir(join(root, 'tree/opt/kata/libexec'), { recursive: true });
  await writeFile(join(root, 'tree/opt/kata/libexec/virtiofsd'), 'of Kata');
  await writeFile(join(root, 'own'), "the distro's");
});
afterEach(() => rm(root, { recursive: true }));

/** A machine of this host, in which `mount` does as it is told. */
async function guestWith(mount: string) {
  await writeFile(join(root, 'tools/mount'), `#!/bin/sh\n${mount}\n`);
  await chmod(join(root, 'tools/mount'), 0o755);
  const machine = {
    spawn: (command: string) =>
      spawn('/bin/sh', ['-c', command], { env: { PATH: `${root}/tools:${process.env['PATH']}` } }),
    push: async (local: string, remote: string) => {
      pushed.push(remote);
      await cp(local, remote);
    },
  } as unknown as Machine;
  return guestOf(machine, () => {});
}

const over = () => ({
  ...{ tree: join(root, 'tree'), path: '/opt/kata/libexec/virtiofsd', piece: 'virtiofsd' as const },
  target: async () => join(root, 'own'),
});

describe('a swap', () => {
  it('puts the donor over the very path, brought along where the machine has none', async () => {
    const guest = await guestWith('[ "$1" = --bind ] && cp "$2" "$3"');

    await putOver(guest, over(), join(root, 'shelf'));

    expect(await readFile(join(root, 'own'), 'utf8')).toBe('of Kata');
    expect(pushed).toEqual([join(root, 'shelf/virtiofsd')]);
  });

  it('makes the path where the part is not there at all', async () => {
    const guest = await guestWith('[ -e "$3" ] && cp "$2" "$3"');
    await rm(join(root, 'own'));

    await putOver(guest, over(), join(root, 'shelf'));

    expect(await readFile(join(root, 'own'), 'utf8')).toBe('of Kata');
  });

  it('is refused where the path does not show the donor afterwards', async () => {
    const guest = await guestWith('exit 0');

    await expect(putOver(guest, over(), join(root, 'shelf'))).rejects.toThrow(
      /^cannot swap .*\/own: it shows/,
    );
  });
});

describe('a security module', () => {
  const tool = async (name: string, script: string) => {
    await writeFile(join(root, 'tools', name), `#!/bin/sh\n${script}\n`);
    await chmod(join(root, 'tools', name), 0o755);
  };

  it('is made permissive where it enforces', async () => {
    await tool('getenforce', `cat ${root}/mode`);
    await tool('setenforce', `echo Permissive >${root}/mode`);
    await writeFile(join(root, 'mode'), 'Enforcing\n');

    await lsmOff(await guestWith('exit 1'), 'selinux');

    expect(await readFile(join(root, 'mode'), 'utf8')).toBe('Permissive\n');
  });

  it('is nothing to swap where it does not, and is not left enforcing in silence', async () => {
    await tool('getenforce', 'echo Permissive');
    await expect(lsmOff(await guestWith('exit 1'), 'selinux')).rejects.toThrow(NothingToSwap);

    await tool('getenforce', 'echo Enforcing');
    await tool('setenforce', 'true');
    await expect(lsmOff(await guestWith('exit 1'), 'selinux')).rejects.not.toThrow(NothingToSwap);
  });
});

const whole: readonly KataPiece[] = ['qemu', 'cloud-hypervisor', 'virtiofsd', 'kernel', 'image'];

function installerLike(label?: string, pieces = whole): KataInstaller {
  return {
    build: kataLike({ ...(label !== undefined && { label }), version: label ?? '4.1.0' }),
    had: {
      tree: '/nowhere',
      layout: {
        ...{ version: '4.1.0', shims: {}, configs: {} },
        pieces: Object.fromEntries(pieces.map((piece) => [piece, `/opt/kata/${piece}`])),
      },
    },
    keyOf: () => '',
    install: async () => {},
  };
}

function donors(
  stack: Parameters<typeof cellOf>[1],
  scenario: LoadedScenario['id'],
  { needs = {}, katas = [installerLike()], lsm = 'none' as const, hasOthers = true } = {} as {
    needs?: LoadedScenario['needs'];
    katas?: readonly KataInstaller[];
    lsm?: 'none' | 'apparmor' | 'selinux';
    hasOthers?: boolean;
  },
) {
  return swapsOf({
    cell: cellOf('debian-13', stack, scenario),
    distro: distroLike({ lsm }),
    scenario: { ...scenarioLike(scenario, { needs }), run: async () => {} },
    katas: new Map(katas.map((one) => [one.build.label ?? '', one])),
    startOf: () => (hasOthers ? async () => ({}) as Machine : undefined),
  }).map(({ part, by }) => `${part}: ${by}`);
}

describe('what can be swapped', () => {
  it('of a scenario without Kata is what it needs of the distro, for what the Kata of the run brings', () => {
    expect(
      donors('qemu', 'vmm.virtiofs.mount', { needs: { parts: ['qemu', 'virtiofsd', 'kernel'] } }),
    ).toEqual(['vmm: the qemu of Kata 4.1.0', 'virtiofsd: the virtiofsd of Kata 4.1.0']);
    expect(donors('qemu', 'vmm.virtiofsd.start', { needs: { parts: ['virtiofsd'] } })).toEqual([
      'virtiofsd: the virtiofsd of Kata 4.1.0',
    ]);
  });

  it("of a cell of Kata's is what its stack has of the distro", () => {
    expect(donors('qemu', 'kata.uname')).toEqual([
      'vmm: the qemu of Kata 4.1.0',
      'virtiofsd: the virtiofsd of Kata 4.1.0',
    ]);
    expect(donors('clh+distro-kernel', 'kata.uname')).toEqual([
      'vmm: the cloud-hypervisor of Kata 4.1.0',
      'virtiofsd: the virtiofsd of Kata 4.1.0',
      'guest-kernel: the guest kernel of Kata 4.1.0',
    ]);
    expect(donors('qemu.upstream', 'kata.uname')).toEqual([]);
  });

  it('is nothing that the Kata does not bring, and nothing where the run has none', () => {
    expect(donors('qemu', 'kata.uname', { katas: [installerLike(undefined, ['qemu'])] })).toEqual([
      'vmm: the qemu of Kata 4.1.0',
    ]);
    expect(donors('qemu', 'vmm.virtiofsd.start', { needs: { parts: ['virtiofsd'] }, katas: [] })).toEqual([]);
  });

  it('is another Kata of the run, where machines with it are there', () => {
    const katas = [installerLike(undefined, []), installerLike('3.8.0', ['image'])];

    expect(donors('qemu', 'kata.uname', { katas })).toEqual([
      'kata: Kata 3.8.0 (3.8.0)',
      'guest-image: the guest image of Kata 3.8.0 (3.8.0)',
    ]);
    expect(donors('qemu', 'kata.uname', { katas, hasOthers: false })).toEqual([]);
  });

  it("is the security module's mode, where the release has one", () => {
    expect(donors('qemu', 'kata.uname', { katas: [], lsm: 'selinux' })).toEqual(['lsm: SELinux permissive']);
    expect(donors('host', 'host.kvm', { katas: [], lsm: 'apparmor' })).toEqual([
      "lsm: AppArmor without a profile's hold",
    ]);
  });
});
