import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromFolder } from '../../../src/install/kata/from-folder.ts';
import type { Stored } from '../../../src/machine/store.ts';
import { katafarm } from '../../support/context.ts';
import { type FakeProvider, fakeProvider } from '../../support/fake-provider.ts';
import { fakeTools } from '../../support/fake-tools.ts';
import { standInKata } from '../../support/stand-in-kata.ts';

const stored = (change: Partial<Stored>): Stored => ({
  kind: 'template',
  id: '3f2a',
  distro: 'debian-13',
  title: 'tcg+svm',
  bytes: 550_000_000,
  madeAt: '2026-01-01T00:00:00.000Z',
  usedAt: '2026-01-02T00:04:05.000Z',
  inUse: false,
  ...change,
});

let folder: string;
let provider: FakeProvider;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stored-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function call(items: readonly Stored[], ...words: readonly string[]) {
  provider = await fakeProvider({ stored: items });
  const tools = await fakeTools(join(folder, 'bin'));
  const env = { PATH: `${tools.folder}:${process.env['PATH']}`, KATAFARM_CACHE: join(folder, 'cache') };
  return katafarm(words, { env, providers: async () => [provider] });
}

/** A Kata that an earlier process had, and nobody holds. */
async function cachedKata() {
  const cache = join(folder, 'cache');
  const tree = await standInKata({ folder: join(folder, 'kata') });
  const options = {
    cache,
    now: () => new Date('2026-01-02T03:04:05.000Z'),
    trustFirst: false,
    offline: true,
  };
  const never = new AbortController().signal;
  const { digest } = await fromFolder(tree, `dir:${tree}`, options, () => {}, never);
  return { cache, digest };
}

const left = async () => (await provider.store.list()).map(({ kind, id }) => `${kind} ${id}`);

describe('katafarm template list', () => {
  it('tells of templates alone, the last used first, with ids short enough to type', async () => {
    const items = [
      stored({ id: '3f2a'.repeat(16) }),
      stored({ id: '77aa'.repeat(16), usedAt: '2026-01-02T03:00:05.000Z', inUse: true, distro: 'debian-12' }),
      stored({ kind: 'image' }),
    ];

    const { out } = await call(items, 'template', 'list');

    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['id', 'release', 'of', 'size', 'made', 'last used', 'state'],
      ['77aa77aa77aa', 'debian-12', 'tcg+svm', '525 MiB', '27 h ago', '4 min ago', 'in use'],
      ['3f2a3f2a3f2a', 'debian-13', 'tcg+svm', '525 MiB', '27 h ago', '3 h ago', 'free'],
      [''],
    ]);
  });

  it('says one JSON value with --json', async () => {
    const item = stored({ kind: 'image' });

    const { out } = await call([item], 'image', 'list', '--json');

    expect(JSON.parse(out)).toEqual([item]);
  });
});

describe('katafarm template rm', () => {
  it('removes by the beginning of an id', async () => {
    const { out, code } = await call([stored({}), stored({ id: '77aa' })], 'template', 'rm', '3f');

    expect({ out, code }).toEqual({ out: 'removed 3f2a (debian-13), 525 MiB\n', code: 0 });
    expect(await left()).toEqual(['template 77aa']);
  });

  it.each([
    {
      id: '3',
      err: 'cannot tell which template 3 is: it may be 3f2a (debian-13), 3f77 (debian-13)',
      code: 2,
    },
    { id: 'f', err: 'cannot find the template f: katafarm template list names them all', code: 2 },
    { id: '77', err: 'cannot remove 77aa: in use by', code: 3 },
  ])('removes nothing for $id', async ({ id, err, code }) => {
    const items = [stored({}), stored({ id: '3f77' }), stored({ id: '77aa', inUse: true })];

    const said = await call(items, 'template', 'rm', id);

    expect(said).toMatchObject({ out: '', code, err: expect.stringContaining(err) });
    expect(await left()).toHaveLength(3);
  });
});

describe('katafarm template build', () => {
  it('freezes a machine of each release, with progress', async () => {
    const { out, err, code } = await call([], 'template', 'build', 'debian-12', 'debian-13');

    expect(code).toBe(0);
    expect(err).toContain('debian-12: booting a machine for its template, once\n');
    expect(out).toBe(
      'debian-12: template template-of- is ready\ndebian-13: template template-of- is ready\n',
    );
    expect(await left()).toEqual(['template template-of-debian-12', 'template template-of-debian-13']);
  });
});

describe('katafarm gc', () => {
  const now = Date.parse('2026-01-02T03:04:05.000Z');
  const daysAgo = (days: number) => new Date(now - days * 86_400_000).toISOString();
  const items = [
    stored({ kind: 'image', id: 'old-image', usedAt: daysAgo(15) }),
    stored({ id: 'old', usedAt: daysAgo(15) }),
    stored({ id: 'new', usedAt: daysAgo(13) }),
    stored({ id: 'old-and-in-use', usedAt: daysAgo(100), inUse: true }),
    stored({ kind: 'kept', id: 'of-last-week', madeAt: daysAgo(7), usedAt: daysAgo(0) }),
    stored({ kind: 'kept', id: 'of-this-week', madeAt: daysAgo(6), usedAt: daysAgo(6) }),
  ];

  it('takes kept machines after 7 days, what was not used for 14, and nothing that is in use', async () => {
    const { out, code } = await call(items, 'gc');

    expect(code).toBe(0);
    expect(out).toContain('freed 1.5 GiB\n');
    expect(await left()).toEqual(['template new', 'template old-and-in-use', 'kept of-this-week']);
  });

  it('takes Katas that were not used for 14 days, and says which in --dry-run', async () => {
    const { cache, digest } = await cachedKata();
    const used = new Date(daysAgo(15));
    await utimes(join(cache, 'kata', digest, 'used'), used, used);

    const { out } = await call([], 'gc', '--dry-run');
    const json = JSON.parse((await call([], 'gc', '--json')).out) as { freed: readonly Stored[] };

    expect(out.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'kata',
      '–',
      expect.stringMatching(/^4\.1\.0 \(dir:.*kata\)$/),
      expect.stringMatching(/KiB$/),
      '0 min ago',
      '15 d ago',
    ]);
    expect(json.freed).toEqual([expect.objectContaining({ kind: 'kata', id: digest, inUse: false })]);
    expect(json.freed[0]).not.toHaveProperty('distro');
    expect(await readdir(join(cache, 'kata'))).not.toContain(digest);
  });

  it('leaves a Kata that was used since', async () => {
    const { cache, digest } = await cachedKata();
    const used = new Date(daysAgo(13));
    await utimes(join(cache, 'kata', digest, 'used'), used, used);

    expect((await call([], 'gc')).out).toBe('nothing to free\n');
    expect(await readdir(join(cache, 'kata'))).toContain(digest);
  });

  it('removes what dead runs left of Katas, and says so', async () => {
    const { cache } = await cachedKata();
    await mkdir(join(cache, 'kata/work/half'), { recursive: true });

    const { out } = await call([], 'gc');

    expect(out).toBe(`left by a dead run: ${join(cache, 'kata/work/half')}\n`);
  });

  it('frees nothing with --dry-run, and says what it would', async () => {
    const { out } = await call(items, 'gc', '--dry-run', '--json');

    expect(JSON.parse(out)).toMatchObject({ dryRun: true, bytes: 1_650_000_000 });
    expect((JSON.parse(out) as { freed: readonly Stored[] }).freed.map(({ id }) => id)).toEqual([
      'of-last-week',
      'old',
      'old-image',
    ]);
    expect(await left()).toHaveLength(6);
  });

  it('takes what was not used for as long as one says', async () => {
    await call(items, 'gc', '--unused', '13d');

    expect(await left()).not.toContain('template new');
  });

  it('takes kept machines of as long ago as one says', async () => {
    await call(items, 'gc', '--kept', '0d', '--unused', '99d');

    expect((await provider.store.list()).filter(({ kind }) => kind === 'kept')).toEqual([]);
    expect(await left()).toHaveLength(4);
  });

  it('takes everything that is not in use with --all', async () => {
    await call(items, 'gc', '--all');

    expect(await left()).toEqual(['template old-and-in-use']);
  });

  it('says so where there is nothing to free', async () => {
    expect((await call([], 'gc')).out).toBe('nothing to free\n');
  });
});
