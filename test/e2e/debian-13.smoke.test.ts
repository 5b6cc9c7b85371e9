import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import type { Run } from '../../src/domain/run.ts';
import { loadDistros } from '../../src/load/load-distros.ts';
import { selectDistros } from '../../src/load/select.ts';
import { qemuProvider } from '../../src/providers/qemu/provider.ts';
import { type Ended, farm, leftBehind, root, runIn } from '../support/farm.ts';
import { providerContract } from '../support/provider-contract.ts';
import { faults } from './faults.ts';

const cache = cacheOf({ env: process.env, cwd: root });

/** The main job, on this very host: nothing in here is a stand-in. */
describe('katafarm run debian-13', () => {
  let ended: Ended;
  let run: Run;
  const statuses = () => Map.groupBy(run.results, ([, { outcome }]) => outcome?.status ?? 'missing');

  beforeAll(async () => {
    ended = await farm(['run', 'debian-13', '--yes', '--kata', 'none']);
    run = await runIn(ended.folder);
  });

  it('passes at least 13 cells, and none is the trouble of the farm', () => {
    expect(statuses().get('errored') ?? []).toEqual([]);
    expect(statuses().get('passed')?.length).toBeGreaterThanOrEqual(13);
  });

  it('exits 0 exactly if nothing failed', () => {
    expect(ended.code).toBe(statuses().has('failed') ? 1 : 0);
  });

  it('records the speed class, the nested boot and the digests of what really ran', () => {
    const batch = run.batchFacts.get('debian-13/qemu:built');
    const boot = run.results.get('debian-13/qemu/vmm.qemu.boot')?.facts;

    expect(batch?.['speed']).toMatch(/^(kvm-nested|tcg\+svm)$/);
    expect(Number(batch?.['nested.ms'])).toBeGreaterThan(0);
    expect(boot?.['qemu.sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(boot?.['qemu.package']).toMatch(/^qemu-system-x86 /);
  });

  it('leaves no process, socket or file on the host', async () => {
    expect(await leftBehind(cache, run.id)).toEqual([]);
  });

  it('writes JUnit that another reader reads: a test case for every cell', async () => {
    const text = await readFile(join(ended.folder ?? '', 'junit.xml'), 'utf8');
    const read = new XMLParser({ ignoreAttributes: false }).parse(text) as {
      testsuites: { testsuite: unknown };
    };

    const suites = [read.testsuites.testsuite].flat() as readonly { testcase: unknown }[];
    const cells = run.plan.batches.flatMap((batch) => batch.cells).length + run.plan.skipped.length;
    expect(suites.flatMap((suite) => [suite.testcase].flat()).length).toBe(cells);
  });

  it('makes every report again from the journal alone, byte for byte', async () => {
    const out = await mkdtemp(join(tmpdir(), 'farm-reports-'));
    const { code } = await farm(['report', ended.folder ?? '', '--out', out]);

    expect(code).toBe(0);
    for (const name of ['junit.xml', 'summary.md', 'matrix.json']) {
      const again = await readFile(join(out, run.id, name), 'utf8');
      expect(again).toBe(await readFile(join(ended.folder ?? '', name), 'utf8'));
    }
  });
});

describe('a planted fault', () => {
  const fault = faults.find(({ scenario }) => scenario === 'vmm.virtiofsd.start');

  it(`makes vmm.virtiofsd.start fail for the right reason: ${fault?.title}`, async () => {
    const script = join(await mkdtemp(join(tmpdir(), 'fault-')), 'prepare.sh');
    await writeFile(script, fault?.prepare ?? 'exit 1');

    const argv = ['run', 'debian-13', '--scenario', 'vmm.virtiofsd.start', '--prepare', script, '--json'];
    const ended = await farm(argv);

    const run = await runIn(ended.folder);
    expect(ended.out).toBe(await readFile(join(ended.folder ?? '', 'journal.jsonl'), 'utf8'));
    expect(ended.code).toBe(1);
    expect(run.modified).toHaveLength(1);
    expect(run.results.get('debian-13/qemu/vmm.virtiofsd.start')).toMatchObject({
      outcome: { status: 'failed', message: expect.stringMatching(fault?.expect.message ?? /^$/) },
      attempts: [{}, {}],
    });
  });
});

providerContract('qemu', {
  provider: async () =>
    qemuProvider({
      accelerator: 'auto',
      cache,
      allowExpiredMirror: false,
      freshness: 'checked',
      now: () => new Date(),
    }),
  distro: async () => {
    const [distro] = selectDistros(await loadDistros(join(root, 'distros')), ['debian-13']);
    if (!distro) {
      throw new Error('debian-13 is gone');
    }
    return distro;
  },
  isComputer: true,
});
