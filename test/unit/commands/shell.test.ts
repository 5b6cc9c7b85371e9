import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderOptions } from '../../../src/commands/context.ts';
import type { CellId } from '../../../src/domain/cell.ts';
import type { Note } from '../../../src/domain/entry.ts';
import { UserError } from '../../../src/errors.ts';
import type { Provider, Template } from '../../../src/machine/machine.ts';
import { katafarm } from '../../support/context.ts';
import { type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';
import { fakeTools } from '../../support/fake-tools.ts';

let folder: string;
let provider: FakeProvider;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shell-'));
  provider = await fakeProvider();
  path = (await fakeTools(join(folder, 'bin'))).folder;
});

afterEach(async () => {
  await provider[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function shell(...words: readonly string[]) {
  return katafarm(['shell', ...words], { env: environment(), providers: async () => [provider] });
}

function environment() {
  return {
    PATH: `${path}:${process.env['PATH']}`,
    KATAFARM_CACHE: join(folder, 'cache'),
    KATAFARM_OUT: folder,
  };
}

describe('katafarm shell DISTRO', () => {
  it('makes the template, says so, and hands the exit status of a command in a clone on', async () => {
    const { out, err, code } = await shell('debian-13', '--', 'exit 7');

    expect({ out, code }).toEqual({ out: '', code: 7 });
    expect(err).toContain('debian-13: booting a machine for its template, once\n');
    expect(provider.deeds).toEqual([
      'boot debian-13-template',
      'end debian-13-template',
      'clone debian-13-shell',
      'attach debian-13-shell',
      'end debian-13-shell',
    ]);
  });

  it.each([
    { words: ['test -z "" && exit 3'], code: 3 },
    { words: ['test', 'a  b', '=', 'a  b'], code: 0 },
  ])(
    'takes $words for a command line if it is one, else for a command with its arguments',
    async ({ words, code }) => {
      expect((await shell('debian-13', '--', ...words)).code).toBe(code);
    },
  );

  it('asks no mirror while the cache has an image, and builds one where it has none', async () => {
    const none = new UserError('cannot take the image from the cache: there is none', { exitCode: 3 });
    const empty = await fakeProvider({ faults: { image: { error: none, times: 1 } } });
    const asked: string[] = [];
    const providers = async ({ freshness }: ProviderOptions) => {
      asked.push(freshness);
      return [freshness === 'offline' ? empty : provider];
    };

    const { code } = await katafarm(['shell', 'debian-13', '--', 'exit 7'], {
      env: environment(),
      providers,
    });

    expect({ code, asked }).toEqual({ code: 7, asked: ['offline', 'checked'] });
  });

  it('puts what it writes where it goes should this process be killed', async () => {
    const logs: string[] = [];
    const watched: Provider = {
      ...provider,
      scratch: async () => folder,
      boot: (image, request) => {
        logs.push(request.logs);
        return provider.boot(image, request);
      },
    };

    await katafarm(['shell', 'debian-13', '--', 'true'], {
      env: environment(),
      providers: async () => [watched],
    });

    expect(logs).toEqual([expect.stringMatching(`^${folder}/bench-shell-`)]);
    expect((await readdir(folder)).filter((name) => name.startsWith('bench-'))).toEqual([]);
  });

  it('leaves no machine behind where the connection is lost', async () => {
    await provider[Symbol.asyncDispose]();
    provider = await fakeProvider({ lost: () => true });

    const { err, code } = await shell('debian-13', '--', 'true');

    expect(code).toBe(3);
    expect(err).toContain('the connection to it was lost');
    expect(provider.running.size).toBe(0);
  });

  it.each([
    {
      words: [],
      err: /^katafarm: cannot tell which release is meant: name one, like debian-13; katafarm list distros /,
    },
    { words: ['debian-31'], err: /cannot find the release "debian-31": did you mean "debian-11"\?/ },
    {
      words: ['debian-13', '--cell', 'debian-13/host/host.cpu'],
      err: /say which run kept it, with --run RUN/,
    },
  ])('complains of $words, with what to do next', async ({ words, err }) => {
    const said = await shell(...words);

    expect(said).toMatchObject({ code: 2, err: expect.stringMatching(err) });
  });
});

describe('katafarm shell DISTRO, changed', () => {
  it('is a clone of a template that a script of run --prepare was done on', async () => {
    const script = join(folder, 'fix.sh');
    await writeFile(script, 'echo fixed > mess\n');

    const { code } = await shell('debian-13', '--prepare', script, '--', 'grep -q fixed mess || exit 7');

    expect(code).toBe(0);
    expect(provider.deeds.slice(-4)).toEqual([
      'end debian-13-prepare',
      'clone debian-13-shell',
      'attach debian-13-shell',
      'end debian-13-shell',
    ]);
  });

  it('lets go of what was derived for it', async () => {
    const script = join(folder, 'fix.sh');
    await writeFile(script, 'true\n');
    const gone: string[] = [];
    const told = (template: Template): Template => ({
      ...template,
      derive: async (...given) => told(await template.derive(...given)),
      async [Symbol.asyncDispose]() {
        gone.push(`let go of ${template.key}`);
      },
    });
    const freeze = async (...given: Parameters<NonNullable<Provider['freeze']>>) =>
      told((await provider.freeze?.(...given)) as Template);

    await katafarm(['shell', 'debian-13', '--prepare', script, '--', 'true'], {
      env: environment(),
      providers: async () => [{ ...provider, freeze }],
    });

    expect(gone).toEqual([`let go of template-of-debian-13${script}`, 'let go of template-of-debian-13']);
  });

  it('boots again after --prepare-cold', async () => {
    const script = join(folder, 'fix.sh');
    await writeFile(script, 'echo fixed > mess\n');

    await shell('debian-13', '--prepare-cold', script, '--', 'true');

    expect(provider.deeds).toContain('reboot debian-13-prepare');
  });

  it('complains of a script that is not there, and of an image of another release', async () => {
    const script = await shell('debian-13', '--prepare', 'nope.sh');
    const image = await shell('debian-13', '--image', 'debian-12=0123456789ab');

    expect([script.code, image.code]).toEqual([2, 2]);
    expect(script.err).toContain('cannot read --prepare nope.sh: it is no file');
    expect(image.err).toContain('the machine is to be of debian-13');
    expect(provider.deeds).toEqual([]);
  });
});

describe('katafarm shell DISTRO --ssh', () => {
  const words = ['debian-13', '--ssh', 'root@build-1'];
  const existing = (): Provider => {
    const { template: _, freeze: __, ...rest } = provider;
    const offers = () => ({ variant: 'ssh' as const, devices: [], memoryMiB: 0 });
    const probe = () => Promise.reject(new Error('nobody needs to know how fast it is'));
    return { ...rest, name: 'ssh', onRequest: true, sharesMachine: true, offers, probe };
  };

  it('is on the machine itself: nothing is prepared or measured, and what the provider is told is what was typed', async () => {
    const told: unknown[] = [];
    const providers = async ({ ssh }: ProviderOptions) => {
      told.push(ssh);
      return [provider, existing()];
    };

    const { code } = await katafarm(['shell', ...words, '--', 'exit 7'], { env: environment(), providers });

    expect(code).toBe(7);
    expect(told).toEqual([{ targets: { '': 'root@build-1' }, mayInstall: false, mayRestart: false }]);
    expect(provider.deeds).toEqual(['boot debian-13-shell', 'attach debian-13-shell', 'end debian-13-shell']);
  });

  it('says to a person that it is no clone', async () => {
    const { err } = await katafarm(['shell', ...words], {
      env: environment(),
      terminal: { live: true, color: false, columns: 80 },
      providers: async () => [existing()],
    });

    expect(err).toContain(
      'debian-13: root@build-1 itself and no clone of it, as root; what you change stays',
    );
  });

  it.each([
    { more: ['--kata', 'dir:/opt/kata'], err: 'cannot put Kata into a machine that exists' },
    { more: ['--prepare', 'fix.sh'], err: 'cannot use --prepare with --ssh: what is put into a machine' },
    { more: ['--with-package', 'new.deb'], err: 'cannot use --with-package with --ssh' },
    { more: ['--provider', 'docker'], err: 'cannot use --ssh with --provider docker' },
  ])('changes nothing on it first: $more', async ({ more, err }) => {
    const said = await katafarm(['shell', ...words, ...more], {
      env: environment(),
      providers: async () => [existing()],
    });

    expect(said).toMatchObject({ code: 2, err: expect.stringContaining(err) });
    expect(provider.deeds).toEqual([]);
  });
});

describe('katafarm shell --run', () => {
  const cpu = 'debian-13/host/host.cpu';

  it.each([
    { words: [], mess: 'two' },
    { words: ['--attempt', '1'], mess: 'one' },
  ])(
    'goes into the machine that a cell left, the last one unless told otherwise: $words',
    async ({ words, mess }) => {
      await writeRun([
        { type: 'cell-started', cell: cpu, attempt: 1 },
        { type: 'fact', subject: cpu, key: 'kept', value: await keepOne('one') },
        { type: 'cell-started', cell: cpu, attempt: 2 },
        { type: 'fact', subject: cpu, key: 'kept', value: await keepOne('two') },
      ]);

      const said = await shell('--run', 'r', '--cell', cpu, ...words, '--', `grep -q ${mess} mess`);

      expect(said).toEqual({ out: '', err: '', code: 0 });
    },
  );

  it('names what a run kept where nothing, or something else, was asked for', async () => {
    await writeRun([
      { type: 'cell-started', cell: cpu, attempt: 1 },
      { type: 'fact', subject: cpu, key: 'kept', value: await keepOne('one') },
    ]);

    const none = await shell('--run', 'r');
    const other = await shell('--run', 'r', '--cell', 'debian-13/host/host.cpus');
    const attempt = await shell('--run', 'r', '--cell', cpu, '--attempt', '2');

    expect([none.err, other.err, attempt.err]).toEqual([
      `katafarm: cannot tell which machine of r is meant: say --cell; it kept ${cpu}\n`,
      `katafarm: cannot go into debian-13/host/host.cpus: r kept no machine of it; did you mean ${cpu}?\n`,
      `katafarm: cannot go into attempt 2 of ${cpu}: kept of it is attempt 1\n`,
    ]);
  });

  it('says how to have a machine kept where a run kept none', async () => {
    await writeRun([]);

    const { err, code } = await shell('--run', 'r', '--cell', cpu);

    expect(code).toBe(2);
    expect(err).toContain('it kept none; run again with --keep failed');
  });

  it('says how to make a kept machine again that is gone', async () => {
    await writeRun([{ type: 'fact', subject: cpu, key: 'kept', value: 'kept-99' }]);

    const { err, code } = await shell('--run', 'r', '--cell', cpu);

    expect(code).toBe(3);
    expect(err).toContain('katafarm run debian-13 --scenario host.cpu --keep always');
  });

  async function keepOne(mess: string): Promise<string> {
    const signal = new AbortController().signal;
    const machine = await provider.boot(
      {} as never,
      { name: mess, logs: tmpdir(), announce: async () => {}, signal } as never,
    );
    await new Promise((resolve) => machine.spawn(`echo ${mess} > mess`).on('close', resolve));
    return (await machine.keep?.({ run: 'r', cell: cpu })) ?? '';
  }

  async function writeRun(notes: readonly Note[]): Promise<void> {
    const cell = { id: cpu as CellId, distro: 'debian-13', stack: 'host', scenario: 'host.cpu' } as const;
    const batch = {
      id: 'debian-13/qemu:built',
      distro: 'debian-13',
      provider: 'qemu',
      variant: 'qemu:built',
      memoryMiB: 64,
      cells: [{ ...cell, machine: 'clone', restsOn: [] }],
    } as const;
    const head: Note = {
      type: 'run-started',
      v: 1,
      run: 'r',
      host: {},
      plan: { batches: [batch], skipped: [] },
      distros: [],
      command: [],
      modified: [],
    };
    const at = '2026-01-02T03:04:05.000Z';
    await mkdir(join(folder, 'r'));
    const lines = [head, ...notes].map((note) => `${JSON.stringify({ at, ...note })}\n`);
    await writeFile(join(folder, 'r', 'journal.jsonl'), lines.join(''));
  }
});
