import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import { type Ended, farm, leftBehind, runIn } from '../support/farm.ts';
import { canServeSsh, type Sshd, startSshd } from '../support/sshd.ts';

/** Scenarios that write down when they ran, and leave something running. */
const scenario = (name: string, more = '') => `export default {
  title: 'It leaves its traces', on: ['host'], stepSeconds: 30, ${more}
  async run(t) {
    const { $ } = t.guest;
    await t.step('look what others have left', async () => {
      const left = await $\`pgrep -f '^sleep 47' || ls -d /var/tmp/katafarm 2>/dev/null\`.nothrow().text();
      if (left) throw new Error('left: ' + left);
    });
    await t.step('leave something', () => $\`mkdir -p /var/tmp/katafarm/${name}; echo ${name} >>/var/tmp/order
      setsid sleep 4700 >/dev/null 2>&1 &\`);
  },
};
`;

describe.skipIf(!canServeSsh)('katafarm run on a machine that exists', () => {
  let sshd: Sshd;
  let folder = '';
  let ended: Ended;
  let run: Run;

  beforeAll(async () => {
    sshd = await startSshd();
    folder = await mkdtemp(join(tmpdir(), 'ssh-run-'));
    const files = {
      'vmm/harmful.ts': scenario('vmm'),
      'host/harmless.ts': scenario('host'),
      'host/cold.ts': scenario('cold', "machine: 'cold',"),
      'control/between.ts': scenario('control'),
    };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, 'scenarios', path, '..'), { recursive: true });
      await writeFile(join(folder, 'scenarios', path), text);
    }
    const scenarios = ['--no-bundled', '--scenarios', join(folder, 'scenarios'), '--kata', 'none'];
    ended = await farm(['run', 'debian-12', '--ssh', sshd.target, ...scenarios], {
      KATAFARM_SSH_CONFIG: sshd.config,
      KATAFARM_CACHE: join(folder, 'cache'),
    });
    run = await runIn(ended.folder);
  });

  afterAll(async () => {
    await sshd?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs the least harmful first, and each finds the machine cleaned of the others', () => {
    expect(sshd.inside('cat /var/tmp/order').split('\n')).toEqual(['host', 'control', 'vmm']);
    expect([...run.results].map(([, { outcome }]) => outcome?.status).sort()).toEqual([
      ...['passed', 'passed', 'passed'],
    ]);
  });

  it('restarts nothing that nobody has allowed, and says so', () => {
    expect(run.plan.skipped).toMatchObject([
      {
        cell: { id: 'debian-12/host/host.cold' },
        because: 'ssh: it would be restarted, which nobody has allowed; --allow-reboot does',
      },
    ]);
    expect(ended.code).toBe(0);
  });

  it('leaves nothing on the machine, nor on this host', async () => {
    expect(
      sshd.inside("pgrep -f '^sleep 47' || ls -d /run/katafarm-* /var/tmp/katafarm 2>/dev/null || :"),
    ).toBe('');
    expect(await leftBehind(join(folder, 'cache'), run.id)).toEqual([]);
  });

  it('gives a shell on the machine itself, which katafarm.yaml names, and ends what it leaves running', async () => {
    const config = join(folder, 'katafarm.yaml');
    await writeFile(config, `ssh:\n  debian-12: ${sshd.target}\n`);
    const command = 'setsid sleep 4744 >/dev/null 2>&1 & echo kept >/var/tmp/mine; exit 7';

    const { code, err } = await farm(['shell', 'debian-12', '--provider', 'ssh', '--', command], {
      ...{ KATAFARM_SSH_CONFIG: sshd.config, KATAFARM_CACHE: join(folder, 'cache') },
      KATAFARM_CONFIG: config,
    });

    expect(code).toBe(7);
    expect(err).toMatch(/can't be cloned: all is done on the machine itself/);
    expect(sshd.inside("pgrep -f '^sleep 4744' || cat /var/tmp/mine")).toBe('kept');
  });

  it('says that there are no clones', () => {
    expect(ended.err).toMatch(
      /can't be cloned: all is done on the machine itself, cells one after the other, the least harmful first/,
    );
  });
});
