import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsOf, withSettings } from '../../../src/commands/settings.ts';
import type { Provider } from '../../../src/machine/machine.ts';
import { katafarm, recordedContext } from '../../support/context.ts';

const checkout = resolve(import.meta.dirname, '../../..');
let cwd: string;

/** A checkout with three releases and a scenario. */
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'settings-'));
  await mkdir(join(cwd, 'scenarios/host'), { recursive: true });
  const scenario = "export default { title: 'the CPU', on: ['host'], async run() {} };\n";
  await writeFile(join(cwd, 'scenarios/host/cpu.ts'), scenario);
  for (const release of ['11', '12', '13']) {
    await cp(join(checkout, `distros/debian-${release}.yaml`), join(cwd, `distros/debian-${release}.yaml`));
  }
});
afterEach(() => rm(cwd, { recursive: true }));

const write = (text: string, name = 'katafarm.yaml') => writeFile(join(cwd, name), text);

/** As cli.ts has them, as far as a plan asks. */
const providers = async () => {
  const provider = (name: string, more: Partial<Provider>) =>
    ({ name, fidelity: 'vm', async [Symbol.asyncDispose]() {}, ...more }) as unknown as Provider;
  return [
    provider('qemu', { offers: () => ({ variant: 'qemu:built', devices: [], memoryMiB: 64 }) }),
    provider('ssh', {
      ...{ onRequest: true, sharesMachine: true },
      offers: () => ({ variant: 'ssh', devices: [], memoryMiB: 0 }),
    }),
  ];
};

describe('katafarm.yaml', { timeout: 30_000 }, () => {
  it('says mirror, cache and out for all calls, folders as seen from it, unless the environment does', async () => {
    await write('mirror: https://mirror.example.org/debian\ncache: ../cache\nout: runs\n');

    const { env } = await withSettings(recordedContext({ cwd, env: { KATAFARM_OUT: '/srv/runs' } }));

    expect(env).toEqual({
      KATAFARM_MIRROR: 'https://mirror.example.org/debian',
      KATAFARM_CACHE: join(cwd, '../cache'),
      KATAFARM_OUT: '/srv/runs',
    });
  });

  it('is another file where KATAFARM_CONFIG says so, which then has to be there', async () => {
    await write('ssh: { debian-13: root@a }\n', 'mine.yaml');

    expect(await settingsOf({ cwd, env: { KATAFARM_CONFIG: 'mine.yaml' } })).toMatchObject({
      ssh: { 'debian-13': 'root@a' },
    });
    expect(await settingsOf({ cwd, env: {} })).toBeUndefined();
    await expect(settingsOf({ cwd, env: { KATAFARM_CONFIG: 'nope.yaml' } })).rejects.toThrow(
      /cannot read .*nope\.yaml, which KATAFARM_CONFIG names/,
    );
  });

  it.each([
    ['cahe: x', '1:1 unknown key "cahe"; did you mean "cache"?'],
    ['mirror: ftp://x', '1:9 "mirror" must be an address that begins with http:// or https://'],
    ['ssh:\n  debian-13: -oProxyCommand=x', '2:14 "ssh.debian-13" must be a machine as ssh takes it'],
    ['ssh:\n  debian-13: 3', '2:14 "ssh.debian-13" must be text, not 3'],
    ['ssh: root@a', '1:6 "ssh" must be a mapping'],
    ['', '1:1 the file is empty'],
  ])('%j is refused in its place', async (text, complaint) => {
    await write(text);

    const { err, code } = await katafarm(['list', 'stacks'], { cwd });

    expect({ err, code }).toEqual({
      err: expect.stringContaining(
        `katafarm: cannot use the settings in katafarm.yaml:\n  katafarm.yaml:${complaint}`,
      ),
      code: 2,
    });
  });

  it.each([['--version'], ['--help'], ['run', '--help'], ['list', '-h']])(
    'is nothing to %s %s, which may tell how to mend it',
    async (...words) => {
      await write('cahe: x');

      expect(await katafarm(words, { cwd })).toMatchObject({ code: 0, err: '' });
    },
  );

  it('complains of a machine of no release, with what may have been meant', async () => {
    await write('ssh:\n  debain-13: root@a\n');

    const { err, code } = await katafarm(['list', 'providers'], { cwd, root: cwd, providers });

    expect(code).toBe(2);
    expect(err).toContain('katafarm.yaml:2:14 "ssh.debain-13" is no release; did you mean "debian-13"?');
  });
});

describe('machines that a user has at all times', { timeout: 30_000 }, () => {
  beforeEach(() => write('ssh:\n  debian-12: root@a\n  debian-13: me@b:2222\n'));

  it('are listed beside their provider', async () => {
    const { out } = await katafarm(['list', 'providers'], { cwd, root: cwd, providers });
    const json = await katafarm(['list', 'providers', '--json'], { cwd, root: cwd, providers });

    expect(out).toMatch(/^qemu +vm +–$/m);
    expect(out).toMatch(/^ssh +vm +debian-12=root@a, debian-13=me@b:2222 \(katafarm\.yaml\)$/m);
    expect(JSON.parse(json.out)).toEqual([
      { name: 'qemu', fidelity: 'vm' },
      { name: 'ssh', fidelity: 'vm', machines: { 'debian-12': 'root@a', 'debian-13': 'me@b:2222' } },
    ]);
  });

  it('are what --provider ssh alone runs on, each of its release; --ssh stands in their place', async () => {
    const given: unknown[] = [];
    const watched = async (options: { readonly ssh?: { readonly targets: unknown } | undefined }) => {
      given.push(options.ssh?.targets);
      return providers();
    };
    const plan = async (...words: readonly string[]) => {
      const { out } = await katafarm(['plan', '--json', '--kata', 'none', ...words], {
        cwd,
        root: cwd,
        providers: watched,
      });
      return (JSON.parse(out) as { batches: { distro: string }[] }).batches.map(({ distro }) => distro);
    };

    expect(await plan('--provider', 'ssh')).toEqual(['debian-12', 'debian-13']);
    expect(await plan('debian-13', '--provider', 'ssh')).toEqual(['debian-13']);
    expect(await plan('debian-13', '--ssh', 'root@c')).toEqual(['debian-13']);
    expect(given).toEqual([
      { 'debian-12': 'root@a', 'debian-13': 'me@b:2222' },
      { 'debian-13': 'me@b:2222' },
      { '': 'root@c' },
    ]);
  });

  it('are not touched unless ssh is asked for, and one that is missing is said', async () => {
    const { out } = await katafarm(['plan', 'debian-13', '--json'], { cwd, root: cwd, providers });
    const missing = await katafarm(['plan', 'debian-11', '--provider', 'ssh'], { cwd, root: cwd, providers });

    expect(JSON.parse(out).batches[0].provider).toBe('qemu');
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('may stand in katafarm.yaml') });
  });
});
