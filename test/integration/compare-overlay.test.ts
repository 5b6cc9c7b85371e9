import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareOverlay } from '../../src/commands/compare-overlay.ts';
import type { Context } from '../../src/commands/context.ts';
import { addMachines, addOutput, addRunning, addSelection } from '../../src/commands/options.ts';
import { beginning, type Options } from '../../src/commands/sitting.ts';
import type { Overlay } from '../../src/install/overlay/overlay.ts';
import { Uninstallable } from '../../src/install/overlay/uninstallable.ts';
import type { Provider } from '../../src/machine/machine.ts';
import type { Stored } from '../../src/machine/store.ts';
import { katafarm, recordedContext } from '../support/context.ts';
import { type FakeProvider, fakeProvider } from '../support/fake-provider.ts';

let folder: string;
let provider: FakeProvider;
/** Providers that were asked for something, and not let go of: this process would not end. */
const open = new Set<object>();

/** The image that machines are made from. */
const stored: Stored = {
  ...{ kind: 'image', id: 'd', distro: 'debian-13', title: '', bytes: 1, inUse: false },
  ...{ madeAt: '2026-01-01T00:00:00.000Z', usedAt: '2026-01-01T00:00:00.000Z' },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-overlay-'));
  provider = await fakeProvider({ stored: [stored] });
  await mkdir(join(folder, 'scenarios/host'), { recursive: true });
  const scenario = (name: string, command: string) =>
    writeFile(
      join(folder, `scenarios/host/${name}.ts`),
      `export default { title: '${name}', on: ['host'], restsOn: [],
        run: async ({ guest: { $ } }) => { await $\`${command}\`; } };`,
    );
  await scenario('whole', 'test ! -e broken');
  await scenario('always-red', 'false');
  await scenario('always-green', 'true');
  await writeFile(join(folder, 'virtiofsd_1.13.2-2_amd64.deb'), '!<arch>\ndebian-binary   ');
});

afterEach(async () => {
  await provider[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** An overlay on machines that are folders of this host: the real one would change this host's packages. */
const overlayThat = (change: string | Error): Overlay => ({
  key: 'overlay of virtiofsd_1.13.2-2_amd64.deb\nd1',
  async apply({ $ }) {
    if (change instanceof Error) {
      throw change;
    }
    await $`sh -c ${change}`;
    return { changes: [{ name: 'virtiofsd', from: '1.13.2-1', to: '1.13.2-2', asked: true }], leftOut: [] };
  },
});

function optionsOf(context: Context, argv: readonly string[]): Options {
  const command = addOutput(addRunning(addMachines(addSelection(new Command('run')))), context);
  return command.argument('[distro...]').parse(argv, { from: 'user' }).opts();
}

/** The provider: what a run lets go of is there for the next. */
function kept(): Provider {
  const own = {};
  return {
    ...provider,
    image: async (...given) => {
      open.add(own);
      return { ...(await provider.image(...given)), packages: { virtiofsd: '1.13.2-1', runc: '1.1' } };
    },
    [Symbol.asyncDispose]: async () => void open.delete(own),
  };
}

async function compare(overlay: Overlay, ...more: readonly string[]) {
  let seconds = Date.parse('2026-11-22T00:00:00.000Z');
  const context = recordedContext({
    cwd: folder,
    // The base is the older of the two.
    now: () => {
      seconds += 1000;
      return new Date(seconds);
    },
    env: { PATH: process.env['PATH'], KATAFARM_CACHE: join(folder, 'cache'), KATAFARM_OUT: folder },
    providers: async () => [kept()],
  });
  const file = 'virtiofsd_1.13.2-2_amd64.deb';
  const argv = [
    '--kata',
    'none',
    '--no-bundled',
    '--scenarios',
    'scenarios',
    '--retries',
    '0',
    '--with-package',
    file,
    ...more,
  ];
  const options = optionsOf(context, ['debian-13', ...argv]);
  const { sitting } = await beginning(context, ['debian-13'], options);
  await compareOverlay(context, ['debian-13'], { ...sitting, overlay }, options);
  return { ...context.said, run: sitting.run };
}

const inFolder = (...argv: readonly string[]) =>
  katafarm(argv, {
    cwd: folder,
    env: { PATH: process.env['PATH'], KATAFARM_OUT: folder, KATAFARM_CACHE: join(folder, 'cache') },
    providers: async () => [kept()],
  });

const runs = async () => (await readdir(folder)).filter((name) => /^\d{8}-/.test(name)).toSorted();

describe('a run with an overlay', { timeout: 60_000 }, () => {
  it('is made without it as well, and tells what is newly red alone', async () => {
    const { out, code, run } = await compare(overlayThat('touch broken'));

    expect(await runs()).toEqual([run, `${run}-base`]);
    expect(code).toBe(1);
    expect(out).toContain('New failures: green in the base, red in the run');
    expect(out).toContain('debian-13/host/host.whole');
    expect(out).toContain('debian-13: virtiofsd 1.13.2-1 -> 1.13.2-2');
    expect(out).not.toContain('debian-13/host/host.always-green');
    expect(out).not.toMatch(/Support, by policy/);
    const junit = await readFile(join(folder, run, 'junit.xml'), 'utf8');
    expect(junit.match(/<failure/g)).toHaveLength(1);
    expect(junit).toMatch(/name="host.whole"(?:(?!<testcase)[\s\S])*<failure/);
    expect(junit).toContain('<skipped message="red on the base as well: ');
    expect(await readFile(join(folder, run, 'differences.md'), 'utf8')).toContain('host.whole');
  });

  it('that breaks nothing ends well, whatever was red before', async () => {
    const { out, code } = await compare(overlayThat('true'));

    expect(code).toBe(0);
    expect(out).toContain("1 cell is red without the overlay, and can't show whether it breaks them");
  });

  it('is told from its base by the packages that machines had', async () => {
    const { run } = await compare(overlayThat('touch broken'));

    const both = [`${run}-base`, run] as const;
    const bisected = await inFolder('bisect', ...both);
    const again = ['--cell', 'debian-13/host/host.whole', '--halve', '--dry-run'];
    const halved = await inFolder('bisect', ...both, ...again);
    const { changes } = JSON.parse((await inFolder('diff', `${run}-base`, run, '--json')).out);

    expect(bisected.out).toContain('debian-13: packages\n  virtiofsd 1.13.2-1 → 1.13.2-2\n');
    expect(halved.out).toMatch(
      /first, with virtiofsd=1\.13\.2-1: .* --prepare .* --with-package virtiofsd_1/,
    );
    expect(changes.filter((one: { readonly of: string }) => one.of === 'package')).toEqual([
      { of: 'package', release: 'debian-13', name: 'virtiofsd', was: '1.13.2-1', is: '1.13.2-2' },
    ]);
  });

  it('leaves the overlay out where the packages that a cell was green with are put back', async () => {
    const { run } = await compare(overlayThat('touch broken'));

    const { out } = await inFolder('investigate', 'debian-13/host/host.whole', '--run', run, '--dry-run');

    const packages = /the last good packages .*\n +(.*)\n/.exec(out) ?? [];
    expect(packages[0]).toContain(`without the overlay, green in ${run}-base)`);
    expect(packages[1]).toMatch(/^\.\/katafarm run debian-13 /);
    expect(packages[1]).not.toContain('--with-package');
    expect(out).toMatch(/again as it was\n.* --with-package virtiofsd_1\.13\.2-2_amd64\.deb/);
  });

  it('takes a base that is there already, and says so', async () => {
    const first = await compare(overlayThat('true'));

    const second = await compare(overlayThat('touch broken'));

    expect(second.err).toContain(`the base is there already: ${first.run}-base`);
    expect(second.code).toBe(1);
    expect(open.size).toBe(0);
    expect(await runs()).toHaveLength(3);
  });

  it('makes the base anew where a scenario was changed since', async () => {
    await compare(overlayThat('true'));
    const path = join(folder, 'scenarios/host/always-red.ts');
    await writeFile(path, (await readFile(path, 'utf8')).replace('`false`', '`exit 3`'));

    await compare(overlayThat('true'));

    expect(await runs()).toHaveLength(4);
  });

  it('that can not be installed is red in every cell that was green', async () => {
    const { out, code } = await compare(overlayThat(new Uninstallable("x can't be installed", 'E: unmet')));

    expect(code).toBe(1);
    expect(out).toContain('host.always-green');
    expect(out).toContain("x can't be installed");
  });

  it("that a mirror did not give is compared with nothing: the farm's trouble", async () => {
    const { out, code } = await compare(overlayThat(new Error('cannot read the package index: E: 404')));

    expect(code).toBe(3);
    expect(out).toContain('errored in the run');
  });

  it('tells its journal alone with --json', async () => {
    const { out, run } = await compare(overlayThat('true'), '--json');

    const entries = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries[0]).toMatchObject({
      type: 'run-started',
      run,
      modified: expect.arrayContaining(['overlay: virtiofsd_1.13.2-2_amd64.deb']),
    });
    expect(entries.filter(({ type }) => type === 'run-started')).toHaveLength(1);
  });
});
