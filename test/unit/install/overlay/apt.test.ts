import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { aptManager } from '../../../../src/install/overlay/apt.ts';

const end = (code: number, err: string, out = 'indexed yes') => ({ code, out, err });

/** As apt 3.0 of Debian 13 and apt 2.6 of Debian 12 say it. */
const unmet = `The following packages have unmet dependencies:
 trial : Depends: no-such-package (>= 3) but it is not installable
E: Unable to correct problems, you have held broken packages.
E: The following information from --solver 3.0 may provide additional context:
   Unable to satisfy dependencies. Reached two conflicting decisions:`;

const postinst = `Setting up trial (1.0) ...
it is broken
dpkg: error processing package trial (--configure):
 installed trial package post-installation script subprocess returned error exit status 1
Errors were encountered while processing:
 trial
E: Sub-process /usr/bin/dpkg returned an error code (1)`;

describe("apt's script", () => {
  it.each([
    { name: 'packages', order: { files: ['/var/tmp/a.deb', '/var/tmp/b.deb'] } },
    { name: 'a repository', order: { sources: ["deb [trusted=yes] file:/var/tmp/it's ./"] } },
    { name: 'a suite', order: { suites: ['trixie-backports'], parts: ['qemu-system-x86', 'virtiofsd'] } },
    { name: 'nothing', order: {} },
  ])('for $name is one that a POSIX shell reads', ({ order }) => {
    const script = aptManager.script({ files: [], sources: [], suites: [], parts: [], ...order });

    const { status, stderr } = spawnSync('/bin/sh', ['-n'], { input: script, encoding: 'utf8' });

    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('lets apt resolve, and never dpkg', () => {
    const script = aptManager.script({ files: ['/a.deb'], sources: [], suites: [], parts: [] });

    expect(script).toContain('get 24 $how install $files $names');
    expect(script).not.toMatch(/dpkg (-i|--install)/);
  });
});

describe("apt's end", () => {
  it('is no trouble where all went well', () => {
    expect(aptManager.judge(end(0, ''))).toBeUndefined();
  });

  it.each([
    [
      'unmet dependencies',
      end(22, unmet),
      'trial : Depends: no-such-package (>= 3) but it is not installable',
    ],
    ['a maintainer script that fails', end(24, postinst), 'dpkg: error processing package trial'],
  ])('by %s speaks of the packages', (_name, ended, words) => {
    const trouble = aptManager.judge(ended);

    expect(trouble).toMatchObject({ whose: 'packages' });
    expect(trouble?.message).toContain(words);
  });

  it.each([
    ['an index that could not be read', end(21, 'E: 404'), 'package index: E: 404'],
    ['unmet dependencies without an index', end(22, unmet, 'indexed no'), 'package index'],
    ['a download that broke', end(23, 'E: Failed to fetch http://mirror.example/x.deb'), 'Failed to fetch'],
    ['a full disk', end(24, `${postinst}\nE: No space left on device`), 'disk is full'],
    ['a file that is none of its packages', end(22, 'E: Invalid archive signature'), 'Invalid archive'],
    ['nothing to do', end(25, ''), 'nothing newer'],
    ['a kernel', end(26, 'Inst linux-image-6.12'), 'kernel'],
    ['a signal', end(-1, 'Killed'), 'Killed'],
  ])("by %s is the farm's trouble", (_name, ended, words) => {
    const trouble = aptManager.judge(ended);

    expect(trouble).toMatchObject({ whose: 'farm' });
    expect(trouble?.message).toContain(words);
  });
});
