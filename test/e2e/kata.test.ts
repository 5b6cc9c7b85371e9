import { beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { type Ended, farm, runIn } from '../support/farm.ts';
import { standInIn } from './stand-ins.ts';

describe('a Kata that starts no VMM', () => {
  it('fails as none is found while its container runs', async () => {
    const cells = ['--stack', 'qemu', '--scenario', 'kata.vmm-identity'];
    const ended = await farm(['run', 'debian-13', '--kata', await standInIn('stand-in'), ...cells]);

    const run = await runIn(ended.folder);
    expect(run.results.get('debian-13/qemu/kata.vmm-identity')).toMatchObject({
      outcome: {
        status: 'failed',
        step: 'look at what runs while a container does',
        class: 'wrong-vmm',
        message: 'a container runs, and no VMM of its sandbox is found',
      },
      attempts: [{}, {}],
    });
    expect(ended.code).toBe(1);
  });
});

describe('a Kata whose shim is no shim', () => {
  let ended: Ended;
  let run: Run;

  beforeAll(async () => {
    const katas = ['--kata', await standInIn('foreign'), '--kata', `mute=${await standInIn('mute')}`];
    ended = await farm(['run', 'debian-13', ...katas, '--stack', 'qemu', '--scenario', 'kata.uname']);
    run = await runIn(ended.folder);
  });

  it.each([
    ['it is a program for another computer', 'debian-13/qemu/kata.uname', /exec format error/],
    ['it ends without a word', 'debian-13/qemu~mute/kata.uname', /./],
  ] as const)('fails in the words of containerd where %s', (_, cell, detail) => {
    expect(run.results.get(cell)).toMatchObject({
      outcome: {
        status: 'failed',
        step: 'run a container by Kata',
        message: 'a container does not run by kata',
        detail: expect.stringMatching(detail),
      },
    });
    expect(ended.code).toBe(1);
  });
});
