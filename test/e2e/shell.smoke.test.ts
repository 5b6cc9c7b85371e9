import { describe, expect, it } from 'vitest';
import { cacheOf } from '../../src/commands/provider-options.ts';
import { qemuProvider } from '../../src/providers/qemu/provider.ts';
import { farm, leftBehind, root, runIn } from '../support/farm.ts';

const cache = cacheOf({ env: process.env, cwd: root });

/** At the bench, on this very host. */
describe('katafarm shell', () => {
  it('hands on what a command in a pristine machine prints, and its exit status; nothing is left', async () => {
    const { out, err, code } = await farm(['shell', 'debian-13', '--', 'uname -s; echo beside >&2; exit 7']);

    expect({ out, code }).toEqual({ out: 'Linux\n', code: 7 });
    expect(err).toMatch(/(^|\n)beside\n$/);
    expect(await leftBehind(cache, 'shell')).toEqual([]);
  });

  it('goes into the machine that a cell left, with --keep', async () => {
    const cell = 'debian-13/host/host.cpu';
    const chosen = ['--kata', 'none', '--scenario', 'host.cpu'];
    const ended = await farm(['run', 'debian-13', ...chosen, '--keep', 'always']);
    const run = await runIn(ended.folder);

    const into = ['--run', ended.folder ?? '', '--cell', cell];
    const { out, code } = await farm(['shell', ...into, '--', 'hostname; cut -d. -f1 /proc/uptime']);

    expect({ out, code }).toEqual({ out: expect.stringMatching(/^katafarm\n\d+\n$/), code: 0 });
    await remove(String(run.results.get(cell)?.facts['kept']));
  });
});

/** Others may have kept machines of their own here: only ours goes. */
async function remove(id: string): Promise<void> {
  const options = { accelerator: 'auto', cache, allowExpiredMirror: false, freshness: 'offline' } as const;
  await using provider = qemuProvider({ ...options, now: () => new Date() });
  const kept = (await provider.store?.list())?.find((item) => item.kind === 'kept' && item.id === id);

  expect(kept && (await provider.store?.remove(kept))).toBe('removed');
}
