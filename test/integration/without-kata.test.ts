import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katafarm } from '../support/context.ts';
import { fakeProvider } from '../support/fake-provider.ts';
import { runIn } from '../support/farm.ts';
import { standInKata } from '../support/stand-in-kata.ts';

let folder: string;
let scenarios: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'without-kata-'));
  scenarios = join(folder, 'scenarios');
  const stacks = { 'host/cpu': ['host'], 'kata/uname': ['qemu', 'clh'], 'mapping/mounts': ['qemu'] };
  for (const [name, on] of Object.entries(stacks)) {
    await mkdir(join(scenarios, name, '..'), { recursive: true });
    const text = `export default { title: '${name}', on: ${JSON.stringify(on)}, async run() {} };\n`;
    await writeFile(join(scenarios, `${name}.ts`), text);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `katafarm run` on machines that are folders, on a host that was never used and has no network. */
async function run(argv: readonly string[]) {
  await using provider = await fakeProvider();
  const out = join(folder, 'out');
  const said = await katafarm(
    ['run', 'debian-13', '--offline', '--no-bundled', '--scenarios', scenarios, ...argv],
    {
      env: { PATH: process.env['PATH'], KATAFARM_CACHE: join(folder, 'cache'), KATAFARM_OUT: out },
      providers: async () => [provider],
    },
  );
  const [id] = await readdir(out).catch(() => []);
  return { ...said, deeds: provider.deeds, id, journal: id ? await runIn(join(out, id)) : undefined };
}

const qemuCells = ['debian-13/qemu/kata.uname', 'debian-13/qemu/mapping.mounts'];

describe('a run without a Kata', () => {
  it.each([
    [
      'as the release that is taken by default is not to be had',
      [],
      /^Kata 4\.\d+\.\d+ is not to be had: cannot /,
    ],
    ['as none was wanted', ['--kata', 'none'], /^--kata none$/],
  ])("skips Kata's cells for that reason, and does all others: %s", async (_, argv, because) => {
    const { code, out, journal } = await run(argv);

    const skipped = journal?.plan.skipped.filter(({ cell }) => cell.stack === 'qemu') ?? [];
    expect(skipped.map(({ cell }) => cell.id)).toEqual(qemuCells);
    for (const one of skipped) {
      expect(one.because).toMatch(because);
    }
    expect(journal?.results.get('debian-13/host/host.cpu')?.outcome?.status).toBe('passed');
    expect(code).toBe(0);
    expect(out).toMatch(/^(?!debian-13).*\n.*\nKata itself was not run: .+\n\n {2}debian-13/);
  });

  it('says what the distro lacks rather than that there is no Kata, as that holds for good', async () => {
    const { journal } = await run(['--kata', 'none']);

    const clh = journal?.plan.skipped.find(({ cell }) => cell.stack === 'clh');
    expect(clh?.because).toMatch(/cloud-hypervisor/);
  });

  it.each([
    ['--scenario', 'kata.*'],
    ['--scenario', 'mapping.mounts'],
    ['--stack', 'clh'],
  ])("exits 3 where Kata's cells were asked for by name: %s %s", async (...argv) => {
    const { code, err, deeds } = await run(argv);

    expect(code).toBe(3);
    expect(err).toMatch(new RegExp(`cannot run anything of ${argv[0]} ${argv[1]?.replace('*', '\\*')}`));
    expect(deeds).toEqual([]);
  });
});

describe('a Kata that was asked for, and can not be had', () => {
  it('is a wrong use where it is no Kata, before any machine is started', async () => {
    const tree = await standInKata({ shim: 'missing' });

    const { code, err, deeds, id } = await run(['--kata', `dir:${tree}`]);

    expect({ code, deeds, id }).toEqual({ code: 2, deeds: [], id: undefined });
    expect(err).toMatch(
      /^katafarm: cannot find a Kata in \S*stand-in-kata-\w+: there is neither \S+containerd-shim/m,
    );
    await rm(tree, { recursive: true });
  });

  it('is never passed over: there is no network to have it from', async () => {
    const { code, err, id } = await run(['--kata', 'upstream:4.0.0']);

    expect({ code, id }).toEqual({ code: 3, id: undefined });
    expect(err).toMatch(/^katafarm: cannot .*4\.0\.0/m);
  });
});
