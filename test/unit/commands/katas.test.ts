import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { katasOf } from '../../../src/commands/katas.ts';
import { UserError } from '../../../src/errors.ts';
import { haveKata } from '../../../src/install/kata/have-kata.ts';
import { github, repository } from '../../../src/install/kata/options.ts';
import { pinnedRelease } from '../../../src/install/kata/pinned.ts';
import { recordedContext } from '../../support/context.ts';
import { githubServer } from '../../support/github-server.ts';
import { elf, staticEntries, writeArchive } from '../../support/kata-archives.ts';

const never = new AbortController().signal;

let folder = '';
let cache = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katas-'));
  cache = join(folder, 'cache');
});

afterEach(() => rm(folder, { recursive: true }));

/** Surroundings whose network ends at a port that nobody listens on. */
const surroundings = (env: Readonly<Record<string, string>> = {}) =>
  recordedContext({
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      KATAFARM_CACHE: cache,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: '',
      ...env,
    },
  });

const archive = () => writeArchive(join(folder, 'kata.tar.zst'), staticEntries);

async function refusalOf(having: Promise<unknown>): Promise<UserError> {
  const error = await having.then(
    () => new Error('it was had'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

/** Puts the release that is taken by default into the cache, from a server of its own. */
async function fetchPinned(): Promise<void> {
  await using server = await githubServer();
  const bytes = await readFile(await archive());
  const name = `kata-static-${pinnedRelease}-amd64.tar.zst`;
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  server.pages.set(`/${name}`, bytes);
  server.pages.set(`/repos/${repository}/releases/tags/${pinnedRelease}`, {
    assets: [{ name, browser_download_url: `${server.url}/${name}`, digest }],
  });
  const servers = { ...github, api: server.url, web: server.url, patience: 5, pause: 0.01 };
  const options = { cache, now: () => new Date(), trustFirst: false, offline: false, servers };
  await haveKata({ source: `upstream:${pinnedRelease}` }, options, () => {}, never);
}

describe('the Kata of a run that names none', () => {
  it.each([
    ['offline', { offline: true as const }, /offline: it is not in the cache/],
    ['without a network', {}, /ECONNREFUSED.*look at the network and its proxy/],
  ])('is none, with the reason, %s', async (_, options, because) => {
    const katas = await katasOf(surroundings(), options, 'have');

    expect(katas).toMatchObject({ builds: [], had: [] });
    expect(katas.noKata).toMatch(new RegExp(`^Kata ${pinnedRelease} is not to be had: cannot `));
    expect(katas.noKata).toMatch(because);
  });

  it('is given up at the first try where there is no way to it', async () => {
    const start = performance.now();

    await katasOf(surroundings(), {}, 'have');

    // A second try comes after two seconds.
    expect(performance.now() - start).toBeLessThan(1_900);
  });

  it.each([['have'], ['look']] as const)(
    'is the one in the cache, without a network as well (%s)',
    async (way) => {
      await fetchPinned();

      const { builds, noKata } = await katasOf(surroundings(), { offline: true }, way);

      expect(noKata).toBeUndefined();
      expect(builds).toEqual([
        expect.objectContaining({ version: pinnedRelease, trust: 'release-api', runtimes: ['rust'] }),
      ]);
    },
  );

  it('is not passed over where a piece of it was to be replaced', async () => {
    const replace = [{ piece: 'shim' as const, path: join(folder, 'shim') }];

    const { exitCode } = await refusalOf(katasOf(surroundings(), { replace, offline: true }, 'have'));

    expect(exitCode).toBe(3);
  });
});

describe('a Kata that was asked for', () => {
  it('is had, with its time and cache of this command', async () => {
    const { had, noKata } = await katasOf(
      surroundings(),
      { kata: [{ source: `file:${await archive()}` }] },
      'have',
    );

    expect(noKata).toBeUndefined();
    expect(had.map(({ tree }) => tree)).toEqual([expect.stringMatching(`^${cache}/kata/[0-9a-f]{64}/tree$`)]);
  });

  it.each([
    ['upstream:4.0.0', 3, /4\.0\.0 offline/],
    ['file:/no/such.tar.zst', 2, /cannot read \/no\/such\.tar\.zst/],
    ['dir:/proc/self/fdinfo', 2, /cannot find a Kata in/],
  ] as const)('and can not be had ends the command: %s with %i', async (source, exitCode, message) => {
    const refusal = await refusalOf(katasOf(surroundings(), { kata: [{ source }], offline: true }, 'have'));

    expect(refusal.exitCode).toBe(exitCode);
    expect(refusal.message).toMatch(message);
  });

  it('may be none, for which nothing is looked for', async () => {
    const katas = await katasOf(surroundings(), { kata: [{ source: 'none' }] }, 'have');

    expect(katas).toEqual({ builds: [], had: [], noKata: '--kata none' });
  });

  it('has the pieces that are to be replaced', async () => {
    await writeFile(join(folder, 'shim'), elf('my shim'));
    const replace = [{ piece: 'shim' as const, path: join(folder, 'shim') }];

    const { builds } = await katasOf(
      surroundings(),
      { kata: [{ source: `file:${await archive()}` }], replace },
      'have',
    );

    expect(builds.map(({ replaced }) => replaced)).toEqual([[`shim=${folder}/shim`]]);
  });

  it('keeps its label and its place among several', async () => {
    const other = await writeArchive(join(folder, 'other.tar'), staticEntries);
    const kata = [
      { source: `file:${await archive()}` as const },
      { label: 'other', source: `file:${other}` as const },
    ];

    const { builds } = await katasOf(surroundings(), { kata }, 'have');

    expect(builds.map(({ label }) => label)).toEqual([undefined, 'other']);
  });
});

describe('a plan', () => {
  it.each([['upstream:4.0.0'], ['pr:13514']] as const)(
    'takes for granted what releases have, and fetches nothing: %s',
    async (source) => {
      const { builds, had } = await katasOf(surroundings(), { kata: [{ source }] }, 'look');

      expect(had).toEqual([]);
      expect(builds).toEqual([expect.objectContaining({ source, digest: '', runtimes: ['rust', 'go'] })]);
    },
  );

  it('takes so for granted the default as well, and says what is to be replaced', async () => {
    const replace = [{ piece: 'shim' as const, path: '/my/shim' }];

    const { builds } = await katasOf(surroundings(), { replace }, 'look');

    expect(builds).toEqual([
      expect.objectContaining({ version: pinnedRelease, replaced: ['shim=/my/shim'] }),
    ]);
  });

  it('is refused for a file that is not there', async () => {
    const kata = [{ source: 'file:/no/such.tar.zst' as const }];

    expect((await refusalOf(katasOf(surroundings(), { kata }, 'look'))).exitCode).toBe(2);
  });
});

describe('an archive that xz packed', () => {
  /** A host that has a package manager, and no xz. */
  async function hostWithoutXz(): Promise<Readonly<Record<string, string>>> {
    await writeFile(join(folder, 'apt-get'), '#!/bin/sh\nexit 1\n');
    await chmod(join(folder, 'apt-get'), 0o755);
    return { PATH: folder };
  }

  it('is refused where the host has no xz, whatever it is called, with how to get it', async () => {
    const path = join(folder, 'kata.tar.zst');
    await writeFile(path, Buffer.from('fd377a585a000004', 'hex'));
    const context = surroundings(await hostWithoutXz());

    const { message, exitCode } = await refusalOf(
      katasOf(context, { kata: [{ source: `file:${path}` }] }, 'have'),
    );

    expect(exitCode).toBe(3);
    expect(message).toMatch(
      /cannot work without xz \(unpacks archives of Kata.*\n.*apt-get install xz-utils/,
    );
  });

  it('is the only one that takes xz', async () => {
    const context = surroundings(await hostWithoutXz());

    const { builds } = await katasOf(context, { kata: [{ source: `file:${await archive()}` }] }, 'have');

    expect(builds).toHaveLength(1);
  });
});
