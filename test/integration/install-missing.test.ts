import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installMissing } from '../../src/install/install-missing.ts';
import { guestOf } from '../../src/machine/guest.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { distroLike } from '../support/domain.ts';

/** This host's own apt and dpkg, on a root and a repository of the test's. It unpacks files, and so it is root's. */
const canInstall =
  process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v apt-get dpkg-deb']).status === 0;

const nowhere = 'deb [trusted=yes] http://127.0.0.1:9/debian ./\n';

let folder = '';
let here = '';

beforeAll(async () => {
  if (!canInstall) {
    return;
  }
  folder = await mkdtemp(join(tmpdir(), 'katafarm-apt-'));
  await chmod(folder, 0o755);
  here = `deb [trusted=yes] file:${folder}/repo ./\n`;
  const folders = ['repo', 'root/var/lib/dpkg/info', 'root/var/lib/dpkg/updates', 'root/etc/apt'];
  for (const name of [...folders, 'root/var/lib/apt/lists/partial', 'root/var/cache/apt/archives/partial']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(
    join(folder, 'root/var/lib/dpkg/status'),
    'Package: kmod\nStatus: install ok installed\nMaintainer: t <t@example.org>\nArchitecture: all\nVersion: 34\nDescription: there\n\n',
  );
  await writeFile(
    join(folder, 'apt.conf'),
    `Dir "${folder}/root/";
Dir::State::status "${folder}/root/var/lib/dpkg/status";
Dir::Bin::methods "/usr/lib/apt/methods";
Dir::Bin::dpkg "/usr/bin/dpkg";
Dir::Log::Terminal "";
DPkg::Options:: "--root=${folder}/root";
DPkg::Options:: "--force-script-chrootless";
APT::Sandbox::User "root";
Acquire::Retries "0";
`,
  );
  await deb('qemu-system-x86', '1:10.0-1');
  await deb('virtiofsd', '1.13-1', 'no-such-package');
  await deb('containerd', '1.7.24-1');
  for (const name of ['busybox-static', 'cpio', 'iproute2', 'xz-utils', 'zstd']) {
    await deb(name, '1.0');
  }
  const index = spawnSync(
    'sh',
    [
      '-c',
      'for f in *.deb; do dpkg-deb -f "$f"; echo "Filename: ./$f"; echo "Size: $(stat -c %s "$f")"; echo "SHA256: $(sha256sum "$f" | cut -d" " -f1)"; echo; done',
    ],
    { cwd: join(folder, 'repo'), encoding: 'utf8' },
  );
  await writeFile(join(folder, 'repo/Packages'), index.stdout);
});

afterAll(async () => {
  await (folder && rm(folder, { recursive: true, force: true }));
});

async function deb(name: string, version: string, depends?: string): Promise<void> {
  const tree = join(folder, 'trees', name);
  await mkdir(join(tree, 'DEBIAN'), { recursive: true });
  await mkdir(join(tree, 'opt'), { recursive: true });
  await writeFile(join(tree, 'opt', name), version);
  const control = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: t <t@example.org>\n${depends ? `Depends: ${depends}\n` : ''}Description: tiny\n`;
  await writeFile(join(tree, 'DEBIAN/control'), control);
  const { status, stderr } = spawnSync('dpkg-deb', ['-b', tree, join(folder, 'repo', `${name}.deb`)]);
  expect(status, String(stderr)).toBe(0);
}

/** Not a machine: a shell on this host, whose apt and dpkg see the test's root. */
const shell = () =>
  ({
    name: 'this host',
    spawn: (command) =>
      spawn('/bin/sh', ['-c', command], {
        env: {
          ...process.env,
          APT_CONFIG: join(folder, 'apt.conf'),
          DPKG_ROOT: join(folder, 'root'),
          DPKG_ADMINDIR: join(folder, 'root/var/lib/dpkg'),
        },
      }),
  }) as Pick<Machine, 'name' | 'spawn'> as Machine;

const sources = (text: string) => writeFile(join(folder, 'root/etc/apt/sources.list'), text);

describe.skipIf(!canInstall)('installing what a machine lacks, by a real apt', () => {
  it("is the mirror's affair as long as nobody answers, and no verdict", async () => {
    await sources(nowhere);
    const guest = guestOf(shell(), () => {});

    const failing = installMissing(guest, distroLike(), {
      signal: AbortSignal.timeout(60_000),
      pause: async () => {},
    });

    await expect(failing).rejects.toMatchObject({ name: 'MirrorTrouble' });
  });

  it('goes on once the mirror answers, and says what the distro does not deliver', async () => {
    await sources(nowhere);
    const guest = guestOf(shell(), () => {});
    const told: string[] = [];

    const done = await installMissing(guest, distroLike(), {
      parts: ['qemu', 'virtiofsd', 'containerd', 'runc', 'firecracker'],
      tell: (line) => told.push(line),
      signal: AbortSignal.timeout(60_000),
      pause: () => sources(here),
    });

    expect(done.parts).toMatchObject({
      qemu: { state: 'installed', version: '1:10.0-1' },
      virtiofsd: { state: 'uninstallable', package: 'virtiofsd' },
      containerd: { state: 'installed', version: '1.7.24-1' },
      runc: { state: 'not-packaged', said: 'E: Unable to locate package runc' },
    });
    expect(done.lacking).toEqual([{ name: 'socat', said: 'E: Unable to locate package socat' }]);
    expect(done.packages).toMatchObject({ kmod: '34', zstd: '1.0' });
    expect(Object.keys(done.added)).not.toContain('kmod');
    expect(told.filter((line) => line.startsWith('a mirror fails'))).toHaveLength(1);
  });
});
