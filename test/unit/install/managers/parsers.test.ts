import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { packageManagers } from '../../../../src/domain/distro.ts';
import { spoken } from '../../../../src/install/managers/answer.ts';
import { apk } from '../../../../src/install/managers/apk.ts';
import { apt } from '../../../../src/install/managers/apt.ts';
import { dnf, microdnf, tdnf } from '../../../../src/install/managers/dnf.ts';
import { pacman } from '../../../../src/install/managers/pacman.ts';
import { isSupported, managers } from '../../../../src/install/managers/table.ts';
import { xbps } from '../../../../src/install/managers/xbps.ts';
import { zypper } from '../../../../src/install/managers/zypper.ts';

const supported = packageManagers.map((id) => managers[id]).filter(isSupported);

describe('the table of package managers', () => {
  it.each(packageManagers)('has a row for %s, under its own name', (id) => {
    expect(managers[id].id).toBe(id);
  });

  it('says of those that it does not support why', () => {
    const others = packageManagers.map((id) => managers[id]).filter((row) => !isSupported(row));

    expect(others.map(({ id }) => id)).toEqual(['nix', 'portage']);
  });

  it.each(supported)('$id: every command is one that a POSIX shell reads', (row) => {
    const words = "'a' 'b'";
    const commands = [
      ...[row.refresh, row.install(words, ['c']), row.installed, row.available(words)],
      ...[row.owner("'/a b'"), row.files?.("'a'") ?? ':'],
    ];

    for (const command of commands) {
      const { status, stderr } = spawnSync('/bin/sh', ['-n'], { input: spoken(command), encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
    }
  });

  it('has zypper call a restart that is due no failure, and every other status one', () => {
    const run = (code: number) =>
      spawnSync('/bin/sh', ['-ec', `zypper() { return ${code}; }; ${zypper.install('a', [])}`]).status;

    expect([0, 4, 102, 103, 104].map(run)).toEqual([0, 4, 0, 0, 104]);
  });
});

/** From a root of Debian 13. */
describe("apt's words", () => {
  it('name what is installed', () => {
    const out = 'ii \tapt\t3.0.4\nii \tkf-tool\t2:1.2-3\nrc \tgone\t1.0\nii \tlibc6\t2.41-12+deb13u4\n';

    expect(apt.parseInstalled(out)).toEqual(
      new Map([
        ['apt', '3.0.4'],
        ['kf-tool', '2:1.2-3'],
        ['libc6', '2.41-12+deb13u4'],
      ]),
    );
  });

  it('name what the index has, and no name that is only spoken of', () => {
    const out = `kf-tool:
  Installed: (none)
  Candidate: 2:1.2-3
  Version table:
     2:1.2-3 500
        500 file:/srv/arepo ./ Packages
kf-absent:
  Installed: (none)
  Candidate: (none)
  Version table:
`;

    expect(apt.parseAvailable(out)).toEqual(new Map([['kf-tool', '2:1.2-3']]));
  });

  it.each([
    ['kf-tool: /opt/kf-tool/kf-tool', 'kf-tool'],
    ['libc6:amd64: /usr/lib/x86_64-linux-gnu/libc.so.6', 'libc6'],
    ['diversion by dash from: /bin/sh\ndiversion by dash to: /bin/sh.distrib\ndash: /bin/sh', 'dash'],
    ['', undefined],
  ])('name the owner in %j', (out, owner) => {
    expect(apt.parseOwner(out)).toBe(owner);
  });

  it('list the files of a package', () => {
    const out = `drwxr-xr-x root/root         0 2026-11-22 11:48 ./opt/
-rw-r--r-- root/root         3 2026-11-22 11:48 ./opt/kf-tool/kf-tool
lrwxrwxrwx root/root         0 2026-11-22 11:57 ./opt/kf-tool/link -> x
`;

    expect(apt.parseFiles?.(out)).toEqual(['/opt/kf-tool/kf-tool', '/opt/kf-tool/link']);
  });
});

describe("rpm's words", () => {
  /** rpm 4.20; the second has an epoch that is written as 0. */
  it.each([dnf, tdnf, microdnf, zypper])('name what is installed ($id)', (row) => {
    expect(row.parseInstalled('kf-tool 2:1.2-3.kf\nkf-second 0:1.2-3.kf\n')).toEqual(
      new Map([
        ['kf-tool', '2:1.2-3.kf'],
        ['kf-second', '1.2-3.kf'],
      ]),
    );
  });

  it('name the owner of a file, if it has one', () => {
    expect(dnf.parseOwner('kf-tool\n')).toBe('kf-tool');
    expect(dnf.parseOwner('file /etc/hostname is not owned by any package\n')).toBeUndefined();
  });

  /** dnf 4.23, and https://github.com/rpm-software-management/microdnf/issues/135. */
  it('name what the index has', () => {
    expect(dnf.parseAvailable('kf-broken-0:1.2-3.kf.noarch\nkf-tool-2:1.2-3.kf.noarch\n')).toEqual(
      new Map([
        ['kf-broken', '1.2-3.kf'],
        ['kf-tool', '2:1.2-3.kf'],
      ]),
    );
    expect(microdnf.parseAvailable('gcr3-0:3.41.1-5.fc38.x86_64\n')).toEqual(
      new Map([['gcr3', '3.41.1-5.fc38']]),
    );
    // tdnf leaves an epoch of 0 out.
    expect(tdnf.parseAvailable('nodejs-16.16.0-1.cm2.x86_64\n')).toEqual(
      new Map([['nodejs', '16.16.0-1.cm2']]),
    );
  });

  it('name what the index of zypper has', () => {
    const out = `Loading repository data...
Reading installed packages...

S  | Name      | Type    | Version    | Arch   | Repository
---+-----------+---------+------------+--------+-----------
   | kf-broken | package | 1.2-3.kf   | noarch | kf local
i+ | kf-tool   | package | 2:1.2-3.kf | noarch | kf local
`;

    expect(zypper.parseAvailable(out)).toEqual(
      new Map([
        ['kf-broken', '1.2-3.kf'],
        ['kf-tool', '2:1.2-3.kf'],
      ]),
    );
  });
});

/** apk's own tests: apk-tools, test/user/query.sh, Alpine 3.21. */
describe("apk's words", () => {
  it('name what is installed', () => {
    const out = `alpine-base-3.21.3-r0 x86_64 {alpine-base} (MIT) [installed]
ca-certificates-bundle-20241121-r1 x86_64 {ca-certificates} (MPL-2.0 AND MIT) [installed]
libncursesw-6.5_p20241006-r3 x86_64 {ncurses} (X11) [installed]
libcap2-2.71-r0 x86_64 {libcap} (BSD-3-Clause OR GPL-2.0-only) [installed]
`;

    expect(apk.parseInstalled(out)).toEqual(
      new Map([
        ['alpine-base', '3.21.3-r0'],
        ['ca-certificates-bundle', '20241121-r1'],
        ['libncursesw', '6.5_p20241006-r3'],
        ['libcap2', '2.71-r0'],
      ]),
    );
  });

  it('name what the index has', () => {
    const out = 'alpine-baselayout-data-3.6.8-r1\nalpine-keys-2.5-r0\n';

    expect(apk.parseAvailable(out)).toEqual(
      new Map([
        ['alpine-baselayout-data', '3.6.8-r1'],
        ['alpine-keys', '2.5-r0'],
      ]),
    );
  });

  it.each([
    ['sbin/apk is owned by apk-tools-2.14.6-r3', 'apk-tools'],
    ['/usr/bin/realpath symlink target is owned by busybox-1.37.0-r19', 'busybox'],
    ['ERROR: bin/not-found: Could not find owner package', undefined],
  ])('name the owner in %j', (out, owner) => {
    expect(apk.parseOwner(out)).toBe(owner);
  });
});

/** pacman 7.0.0. */
describe("pacman's words", () => {
  it('name what is installed', () => {
    expect(pacman.parseInstalled('kf-tool 2:1.2-3\n')).toEqual(new Map([['kf-tool', '2:1.2-3']]));
  });

  it('name what the index has', () => {
    const out = `Repository      : kf
Name            : kf-tool
Version         : 2:1.2-3
Description     : tiny

Repository      : kf
Name            : kf-broken
Version         : 1.2-3
`;

    expect(pacman.parseAvailable(out)).toEqual(
      new Map([
        ['kf-tool', '2:1.2-3'],
        ['kf-broken', '1.2-3'],
      ]),
    );
  });

  it('name the owner of a file, if it has one', () => {
    expect(pacman.parseOwner('kf-tool\n')).toBe('kf-tool');
    expect(pacman.parseOwner('error: No package owns /etc/hostname\n')).toBeUndefined();
  });

  it('list the files of a package', () => {
    expect(pacman.parseFiles?.('opt/\nopt/kf-tool/\nopt/kf-tool/kf-tool\n')).toEqual([
      '/opt/kf-tool/kf-tool',
    ]);
  });
});

describe("xbps's words", () => {
  /** As https://github.com/kdeldycke/meta-package-manager shows it (managers/xbps.py). */
  it('name what is installed', () => {
    const out = `ii base-files-0.144_1            Void Linux base system files
ii cmark-gfm-0.29.0.gfm.13_1     CommonMark parsing and rendering library
uu pending-1.0_1                 unpacked
`;

    expect(xbps.parseInstalled(out)).toEqual(
      new Map([
        ['base-files', '0.144_1'],
        ['cmark-gfm', '0.29.0.gfm.13_1'],
      ]),
    );
  });

  /** As Void's handbook shows it: Finding Files. */
  it('name the owner of a file', () => {
    expect(xbps.parseOwner('xtools-0.46_1: /usr/bin/xlocate (regular file)')).toBe('xtools');
    expect(xbps.parseOwner('')).toBeUndefined();
  });

  it('name what the index has', () => {
    expect(xbps.parseAvailable('base-files-0.144_1\n')).toEqual(new Map([['base-files', '0.144_1']]));
  });
});
