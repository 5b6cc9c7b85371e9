import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import type { CellId } from '../../src/domain/cell.ts';
import type { Run } from '../../src/domain/run.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';
import { standInIn } from './stand-ins.ts';

const uname = 'debian-13/qemu/kata.uname';
const unameByRunc = 'debian-13/qemu~options/kata.uname';

/** A control of the farm itself: what is no VM must be found to be none, through a real containerd, and nowhere else. */
describe('a Kata that puts containers into no VM', () => {
  let ended: Ended;
  let run: Run;
  const transcript = (cell: CellId) =>
    readFile(join(ended.folder ?? '', 'cells', cell, '1/transcript.txt'), 'utf8');

  beforeAll(async () => {
    // The second is runc's own shim: it shows what the first one drops on the way.
    const katas = ['--kata', await standInIn('stand-in'), '--kata', `options=${await standInIn('runc')}`];
    const cells = ['--stack', 'qemu', '--scenario', 'kata.uname', '--scenario', 'kata.vmm-identity'];
    ended = await farm(['run', 'debian-13', ...katas, ...cells]);
    run = await runIn(ended.folder);
  });

  it('fails as its containers run on the kernel of the machine: not as they are created, and not as they end', async () => {
    expect(run.results.get(uname)).toMatchObject({
      outcome: {
        status: 'failed',
        class: 'guest-kernel-same',
        message: expect.stringMatching(
          /^the container is in no VM: it runs on the machine's own kernel \(6\./,
        ),
      },
      attempts: [{}, {}],
    });
    expect(await transcript(uname)).toMatch(
      /-- control: .*before\n.*-- run a container by Kata\n.*-- control: .*after\n/s,
    );
  });

  it("fails at create where Kata's runtime options come through to a shim that does not know them", async () => {
    expect(run.results.get(unameByRunc)).toMatchObject({
      outcome: {
        status: 'failed',
        step: 'run a container by Kata',
        message: 'a container does not run by kata',
        detail: expect.stringMatching(/runtimeoptions\.v1\.Options/),
      },
      attempts: [{}, {}],
    });
    expect(await transcript(unameByRunc)).toMatch(/-- control: .*before\n/);
  });

  it('blocks what rests on it, of the same Kata', () => {
    for (const [label, by] of [
      ['qemu', uname],
      ['qemu~options', unameByRunc],
    ] as const) {
      const id: CellId = `debian-13/${label}/kata.vmm-identity` as CellId;
      expect(run.results.get(id)?.outcome).toEqual({ status: 'blocked', by });
    }
  });

  it('is a failure of the run, and leaves nothing on this host', async () => {
    expect(ended.code).toBe(1);
    expect(await leftBehind(cacheOf({ env: process.env, cwd: root }), run.id)).toEqual([]);
  });
});
