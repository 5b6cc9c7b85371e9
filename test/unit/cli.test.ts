import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/commands/context.ts';
import { duration, memoryMiB } from '../../src/commands/parsers.ts';
import { cacheOf, providerOptionsOf } from '../../src/commands/provider-options.ts';
import { type VerbEntry, verbs } from '../../src/commands/verbs.ts';
import { UserError } from '../../src/errors.ts';
import type { Provider } from '../../src/machine/machine.ts';
import { katafarm, recordedContext } from '../support/context.ts';

/** A verb that does this. */
function verbThat(deed: (context: Context) => unknown): VerbEntry {
  const load = async () => (context: Context) =>
    new Command('run').option('--fast').action(async () => {
      await deed(context);
    });
  return { name: 'run', summary: 'does it', load };
}

describe('katafarm', () => {
  it('lists its verbs and examples', async () => {
    const { out, code } = await katafarm(['--help']);

    expect(code).toBe(0);
    const listed = verbs.filter(({ hidden }) => !hidden);
    expect(listed.filter(({ name, summary }) => !out.includes(name) || !out.includes(summary))).toEqual([]);
    expect(out).toContain('katafarm run debian-13 --yes --kata none');
  });

  it('says its version', async () => {
    expect(await katafarm(['--version'])).toEqual({ out: '0.0.0-test\n', err: '', code: 0 });
  });

  it.each([
    { argv: ['reprot'], err: 'cannot do "reprot": did you mean "report"?' },
    { argv: ['quux'], err: 'cannot do "quux": katafarm --help lists what there is' },
    { argv: ['--fast'], err: "cannot read the command line: unknown option '--fast'" },
    {
      argv: ['plan', '--stak', 'qemu'],
      err: "cannot read the command line: unknown option '--stak'\n(Did you mean --stack?)",
    },
    { argv: ['plan', '--stack', 'quemu'], err: 'cannot use --stack "quemu": did you mean "qemu"?' },
    {
      argv: ['plan', '--stack', 'qemu', 'debian-13'],
      err: 'cannot take "debian-13" as part of --stack: name releases before it, or after --, as in: debian-13 --stack …',
    },
    {
      argv: ['plan', '--kata', '4.1.0'],
      err: 'cannot read --kata "4.1.0": did you mean "upstream:4.1.0"?',
    },
    {
      argv: ['plan', '--memory', '4X'],
      err: 'cannot read --memory "4X": say 6G, 6144M or a number of MiB, at least 256',
    },
    { argv: ['gc', '--unused', '2w'], err: 'cannot read --unused "2w": say a number of days, as 14d' },
    { argv: ['run', '--keep', 'red'], err: 'cannot use --keep "red": say never, failed, always' },
    { argv: ['plan', '--accel', 'hvf'], err: 'cannot use --accel "hvf": say auto, kvm, tcg' },
  ])('refuses $argv with exit 2 and one message', async ({ argv, err }) => {
    expect(await katafarm(argv)).toEqual({ out: '', err: `katafarm: ${err}\n`, code: 2 });
  });

  it('loads only the verb that is called', async () => {
    const untouchable: VerbEntry = {
      name: 'plan',
      summary: '',
      load: () => Promise.reject(new Error('loaded')),
    };
    const called = verbThat(({ out }) => out('done'));

    expect(await katafarm(['run'], {}, [called, untouchable])).toEqual({ out: 'done', err: '', code: 0 });
  });

  it("shows somebody's mistake without a stack, and its exit status", async () => {
    const verb = verbThat(() => {
      throw new UserError('cannot reach the mirror', { exitCode: 3 });
    });

    expect(await katafarm(['run'], {}, [verb])).toEqual({
      out: '',
      err: 'katafarm: cannot reach the mirror\n',
      code: 3,
    });
  });

  it('keeps stack and cause of a fault of its own, and says where to report it', async () => {
    const verb = verbThat(() => {
      throw new Error('outer trouble', { cause: new Error('inner trouble') });
    });

    const { err, code } = await katafarm(['run'], {}, [verb]);

    expect(code).toBe(3);
    expect(err).toMatch(/outer trouble\n\s+at .*cli\.test\.ts[\s\S]*inner trouble\n\s+at /);
    expect(err).toContain('please report it');
  });

  it('says nothing of an interruption that a verb passes on', async () => {
    const signal = AbortSignal.abort('SIGINT');
    const verb = verbThat((context) => context.signal.throwIfAborted());

    expect((await katafarm(['run'], { signal }, [verb])).err).toBe('');
  });

  it('has a module for each verb', async () => {
    const modules = await readdir(join(recordedContext().root, 'src/commands'));

    expect(verbs.filter(({ name }) => !modules.includes(`${name}.ts`))).toEqual([]);
  });

  it.each(verbs)('$name shows its help with examples', async ({ name }) => {
    const { out, code } = await katafarm([name, '--help']);

    expect(code).toBe(0);
    expect(out).toContain(`Usage: katafarm ${name}`);
    expect(out).toContain('Examples:');
  });
});

describe('katafarm run', () => {
  it('refuses a --prepare that is no file, before anything is made', async () => {
    const offer = { variant: 'qemu:built', devices: ['/dev/kvm'], memoryMiB: 6144 } as const;
    const providers = async () => [{ name: 'qemu', offers: () => offer } as unknown as Provider];

    const { err, code } = await katafarm(['run', 'debian-13', '--prepare', 'nope.sh'], { providers });

    expect([err, code]).toEqual([
      "katafarm: cannot read --prepare nope.sh: it is no file; give a shell script's path\n",
      2,
    ]);
  });
});

describe('katafarm plan', () => {
  const offer = { variant: 'qemu:built', devices: ['/dev/kvm'], memoryMiB: 6144 } as const;
  const providers = async () => [{ name: 'qemu', offers: () => offer } as unknown as Provider];

  it('prints the plan as one JSON value, and nothing else', async () => {
    const { out, err, code } = await katafarm(['plan', 'debian-13', '--json'], { providers });

    expect([err, code]).toEqual(['', 0]);
    expect(JSON.parse(out).batches).toEqual([
      expect.objectContaining({ id: 'debian-13/qemu:built', memoryMiB: 6144 }),
    ]);
  });

  it('exits 3 where a stack that was asked for yields no cell', async () => {
    const { err, code } = await katafarm(
      ['plan', 'debian-13', '--kata', 'none', '--stack', 'host', 'dragonball'],
      {
        providers,
      },
    );

    expect(code).toBe(3);
    expect(err).toBe('katafarm: cannot run anything of --stack dragonball: every such cell is skipped\n');
  });

  it.each([
    ['plan', []],
    ['run', ['--dry-run']],
  ])('%s %j exits 3 where one of the scenarios that were asked for yields no cell', async (verb, more) => {
    const argv = [verb, 'debian-13', ...more, '--scenario', 'host.boot', 'vmm.clh.boot'];

    const { out, err, code } = await katafarm(argv, { providers });

    expect(code).toBe(3);
    expect(out).toContain('host.boot (cold)');
    expect(err).toMatch(
      /^katafarm: cannot run anything of --scenario vmm\.clh\.boot: every such cell is skipped/,
    );
  });

  it('exits 2 for a release that is not there', async () => {
    const { err, code } = await katafarm(['plan', 'debian-31'], { providers });

    expect(code).toBe(2);
    expect(err).toContain('cannot find the release "debian-31": did you mean "debian-11"?');
  });
});

describe('the readers of options', () => {
  it.each([
    ['6G', 6144],
    ['6144M', 6144],
    ['6144', 6144],
    ['4GiB', 4096],
  ])('take %s as %d MiB', (text, mebibytes) => {
    expect(memoryMiB(text)).toBe(mebibytes);
  });

  it.each(['', 'G', '-1', '6.5G', '4T', '100'])('refuse "%s" as memory', (text) => {
    expect(() => memoryMiB(text)).toThrow(`cannot read --memory "${text}"`);
  });

  it.each([
    ['90s', 90_000],
    ['45m', 2_700_000],
    ['1h30m', 5_400_000],
  ])('take %s as %d ms', (text, milliseconds) => {
    expect(duration(text)).toBe(milliseconds);
  });

  it.each(['', '90', '0s', '1d', 'm', '5m x'])('refuse "%s" as a duration', (text) => {
    expect(() => duration(text)).toThrow(`cannot read --timeout "${text}"`);
  });
});

describe('the environment', () => {
  it.each([
    { env: { HOME: '/home/ada' }, cache: '/home/ada/.cache/katafarm' },
    { env: { HOME: '/home/ada', XDG_CACHE_HOME: '/var/cache' }, cache: '/var/cache/katafarm' },
    { env: { HOME: '/home/ada', XDG_CACHE_HOME: 'cache' }, cache: '/home/ada/.cache/katafarm' },
    { env: { XDG_CACHE_HOME: '/var/cache', KATAFARM_CACHE: 'images' }, cache: '/srv/images' },
  ])('$env puts the cache at $cache', ({ env, cache }) => {
    expect(cacheOf({ env, cwd: '/srv' })).toBe(cache);
  });

  it.each([
    { given: {}, env: {}, mirror: undefined },
    {
      given: {},
      env: { KATAFARM_MIRROR: 'https://mirror.example/debian' },
      mirror: 'https://mirror.example/debian',
    },
    {
      given: { mirror: 'https://near.example/debian' },
      env: { KATAFARM_MIRROR: 'https://mirror.example/debian' },
      mirror: 'https://near.example/debian',
    },
  ])('$env and $given make the mirror $mirror', ({ given, env, mirror }) => {
    expect(providerOptionsOf({ env, cwd: '/' }, { accel: 'auto', ...given }).mirror).toBe(mirror);
  });
});
