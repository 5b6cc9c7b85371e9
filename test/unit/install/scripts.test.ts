import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { initrdScript, lookingScript } from '../../../src/install/look.ts';
import { distroLike } from '../../support/domain.ts';

describe('a script for the machine', () => {
  it.each([
    { name: 'that looks', script: lookingScript(distroLike()) },
    { name: 'that makes an initrd', script: initrdScript('/opt/kata/initrd.img', '/init') },
  ])('$name is one that a POSIX shell reads', ({ script }) => {
    const { status, stderr } = spawnSync('/bin/sh', ['-n'], { input: script, encoding: 'utf8' });

    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
