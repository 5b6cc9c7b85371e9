import { beforeAll, describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import type { Run } from '../../src/domain/run.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';

const cache = cacheOf({ env: process.env, cwd: root });

/** On a host of amd64 all of it is emulated: the image's build, the machine, and the guest inside. It takes an hour or so. */
describe('katafarm run debian-13@arm64', () => {
  let ended: Ended;
  let run: Run;
  const statuses = () => Map.groupBy(run.results, ([, { outcome }]) => outcome?.status ?? 'missing');

  beforeAll(async () => {
    ended = await farm(['run', 'debian-13@arm64', '--yes', '--kata', 'none']);
    run = await runIn(ended.folder);
  });

  it('takes it through host, control and vmm, and none is the trouble of the farm', () => {
    expect(statuses().get('errored') ?? []).toEqual([]);
    expect(statuses().get('passed')?.length).toBeGreaterThanOrEqual(12);
    expect(ended.code).toBe(statuses().has('failed') ? 1 : 0);
  });

  it("boots the distro's kernel by the distro's QEMU under KVM, inside", () => {
    expect(run.results.get('debian-13@arm64/qemu/vmm.qemu.boot')).toMatchObject({
      outcome: { status: 'passed' },
      facts: { 'qemu.package': expect.stringMatching(/^qemu-system-arm /) },
    });
  });

  it('leaves no process, socket or file on the host', async () => {
    expect(await leftBehind(cache, run.id)).toEqual([]);
  });
});
