import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import type { Run } from '../../src/domain/run.ts';
import { parseJournal } from '../../src/journal/parse.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';

const cache = cacheOf({ env: process.env, cwd: root });
const hour = 3_600_000;

/** Kata's command lines are known for amd64 alone. */
const skipped = ['qemu/vmm.qemu.kata-cmdline'];

/**
 * On a host of amd64 all of it is emulated: the image's build, which takes most of an hour, the machine, and the guest
 * inside. A cache that has the image (KATAFARM_CACHE) is made use of.
 */
describe('katafarm run debian-13@arm64', () => {
  let ended: Ended;
  let run: Run;

  beforeAll(async () => {
    ended = await farm(['run', 'debian-13@arm64', '--yes', '--kata', 'none']);
    run = await runIn(ended.folder);
  }, 3 * hour);

  it('takes it through host, control and vmm', () => {
    const planned = run.plan.batches.flatMap(({ cells }) => cells.map(({ id }) => id));
    const others = planned.filter((id) => run.results.get(id)?.outcome?.status !== 'passed');

    expect(planned.length).toBeGreaterThanOrEqual(16);
    expect(others.map((id) => id.replace('debian-13@arm64/', ''))).toEqual(skipped);
    expect(ended.code).toBe(0);
  });

  it('boots one machine for all cells but the one that is about a boot, and clones it', async () => {
    const journal = parseJournal(await readFile(join(ended.folder ?? '', 'journal.jsonl'), 'utf8'));
    const started = journal.filter((entry) => entry.type === 'machine-started');
    const booted = started.filter(({ argv }) => !argv.includes('-incoming')).map(({ machine }) => machine);

    // The template may be there from an earlier run.
    expect(booted.filter((machine) => !machine.endsWith('-template'))).toEqual([
      'debian-13@arm64-host-host.boot-1',
    ]);
    expect(started.length - booted.length).toBeGreaterThanOrEqual(15);
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
