import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/machine/machine.ts';
import type { Stored } from '../../src/machine/store.ts';
import { katafarm } from '../support/context.ts';
import { fakeProvider } from '../support/fake-provider.ts';
import { fakeTools } from '../support/fake-tools.ts';

const [good, bad] = ['a'.repeat(64), 'b'.repeat(64)];
const cell = 'debian-13/host/host.cpu';

let folder: string;
let path: string;
/** The image that is built now, and those in the cache. */
let newest: string;
let cached: readonly string[];
const made: AsyncDisposable[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'investigate-'));
  path = (await fakeTools(join(folder, 'bin'))).folder;
  await mkdir(join(folder, 'scenarios', 'host'), { recursive: true });
  // What a machine is made from decides what the scenario sees.
  const text = `import { readFile } from 'node:fs/promises';
export default { title: 'the CPU', on: ['host'], async run() {
  const image = await readFile(${JSON.stringify(join(folder, 'image'))}, 'utf8');
  if (image === ${JSON.stringify(bad)}) throw new Error('the packages are broken');
} };\n`;
  await writeFile(join(folder, 'scenarios', 'host', 'cpu.ts'), text);
  cached = [];
});
afterEach(async () => {
  // A command that begins no run lets go of nothing: a real provider has nothing until then.
  await Promise.all(made.splice(0).map((fake) => fake[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true, force: true });
});

const packagesOf = (digest: string) => ({ virtiofsd: digest === bad ? '1.13.2-2' : '1.13.2-1', runc: '1.1' });

async function provider() {
  const stored = cached.map((id): Stored => {
    const at = '2026-01-01T00:00:00.000Z';
    return {
      kind: 'image',
      id,
      distro: 'debian-13',
      title: '',
      bytes: 1,
      madeAt: at,
      usedAt: at,
      inUse: false,
    };
  });
  const fake = await fakeProvider({ stored });
  made.push(fake);
  const image: Provider['image'] = async (distro, tell, signal, digest) => {
    const taken = digest !== undefined && cached.includes(digest) ? digest : newest;
    cached = [...new Set([...cached, taken])];
    await writeFile(join(folder, 'image'), taken);
    return { ...(await fake.image(distro, tell, signal)), digest: taken, packages: packagesOf(taken) };
  };
  return { ...fake, image };
}

/** Each call a second later than the one before, as runs sort by their time. */
async function call(...argv: readonly string[]) {
  const env = {
    PATH: `${path}:${process.env['PATH']}`,
    KATAFARM_CACHE: join(folder, 'cache'),
    KATAFARM_OUT: join(folder, 'runs'),
  };
  return katafarm(argv, { env, now: () => new Date(), providers: async () => [await provider()] });
}

async function run(image: string): Promise<string> {
  newest = image;
  const before = await readdir(join(folder, 'runs')).catch((): string[] => []);
  await call(
    'run',
    'debian-13',
    '--kata',
    'none',
    '--no-bundled',
    '--scenarios',
    join(folder, 'scenarios'),
    '--quiet',
  );
  const after = await readdir(join(folder, 'runs'));
  return after.find((id) => !before.includes(id)) ?? '';
}

describe('katafarm investigate', () => {
  it('finds that a red follows the packages, by runs of its own, and names nobody', async () => {
    const first = await run(good);
    await run(bad);

    const { out, err, code } = await call('investigate', cell);

    expect(code).toBe(0);
    expect(out).toMatch(/again as it was +red +\S+: the packages are broken/);
    expect(out).toMatch(
      new RegExp(`the last good packages \\(image aaaaaaaaaaaa, green in ${first}\\) +green`),
    );
    expect(out).toMatch(/the last good Kata +– +cannot be had: this cell has no Kata in it/);
    expect(out).toContain('it follows the packages');
    expect(err).toContain('1 of 4: again as it was: ./katafarm run debian-13');
    expect(await readdir(join(folder, 'runs'))).toHaveLength(4);
  });

  it('only says what it would run with --dry-run, by commands that do the same', async () => {
    await run(good);
    await run(bad);

    const { out } = await call('investigate', cell, '--dry-run');

    expect(out).toContain(
      `--scenario host.cpu --scenarios ${join(folder, 'scenarios')} --no-bundled --image debian-13=${good}`,
    );
    expect(await readdir(join(folder, 'runs'))).toHaveLength(2);
  });

  it('says which packages are gone, and takes those of today for the retry', async () => {
    await run(good);
    await run(bad);
    cached = [];
    newest = good;

    const { out } = await call('investigate', cell);

    expect(out).toMatch(/again, with the packages of today \(those it had are gone\) +green/);
    expect(out).toContain('not tried: it was not red again');
    expect(out).toContain('what is newer mended it');
  });

  it('refuses a cell that is not red, and one that is in no run', async () => {
    await run(good);

    expect(await call('investigate', cell)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`cannot investigate ${cell}: it is not red`),
    });
    expect(await call('investigate', 'debian-13/host/host.boot')).toMatchObject({ code: 2 });
  });
});

describe('an image of the cache, by its digest', () => {
  it('is what machines are made from, whatever is newer, and is written into the command', async () => {
    await run(good);
    newest = bad;

    const { code, out } = await call(
      ...[
        'run',
        'debian-13',
        '--kata',
        'none',
        '--no-bundled',
        '--scenarios',
        join(folder, 'scenarios'),
        '--json',
      ],
      ...['--image', 'debian-13=aaaaaaaaaaaa'],
    );

    const [started] = out.split('\n').map((line) => JSON.parse(line || '{}'));
    expect(code).toBe(0);
    expect(started.command).toContain('debian-13=aaaaaaaaaaaa');
    expect(started.modified).toContain('--image debian-13=aaaaaaaaaaaa');
  });

  it.each([
    ['debian-13=cccccccc', 'cannot find the image cccccccc'],
    ['debian-12=aaaaaaaa', 'no cell of debian-12 is to be run'],
    ['debian-13', 'cannot read --image "debian-13": say RELEASE=DIGEST'],
  ])('that is not there, or is not said well, is refused: %s', async (word, words) => {
    await run(good);
    const argv = [
      'run',
      'debian-13',
      '--kata',
      'none',
      '--no-bundled',
      '--scenarios',
      join(folder, 'scenarios'),
    ];

    expect(await call(...argv, '--image', word)).toMatchObject({
      code: 2,
      err: expect.stringContaining(words),
    });
  });
});

describe('katafarm bisect', () => {
  it('tells which packages changed, all that were installed being written down by the runs', async () => {
    const [first, second] = [await run(good), await run(bad)];
    cached = [];

    const { out, code } = await call('bisect', first, second);

    expect(code).toBe(0);
    expect(out).toContain('debian-13: packages\n  virtiofsd 1.13.2-1 → 1.13.2-2\n');
    expect(out).not.toContain('runc');
    const written = await readFile(join(folder, 'runs', second, 'machines/debian-13/packages.json'), 'utf8');
    expect(JSON.parse(written)).toEqual({ image: bad, packages: packagesOf(bad) });
  });

  it.each([
    [['--put-back', 'virtiofsd'], 'with virtiofsd=1.13.2-1: ./katafarm run debian-13'],
    [['--put-back', 'virtiofsd=1.0'], 'with virtiofsd=1.0: ./katafarm run debian-13'],
    [['--halve'], 'first, with virtiofsd=1.13.2-1: ./katafarm run debian-13'],
  ])('says with %j and --dry-run what would be run on the image of the bad run', async (words, said) => {
    const [first, second] = [await run(good), await run(bad)];

    const { out } = await call('bisect', first, second, '--cell', cell, ...words, '--dry-run');

    expect(out).toContain(said);
    expect(out).toMatch(new RegExp(`--prepare \\S+/put-back-\\w+\\.sh --image debian-13=${bad} `));
  });

  it('comes to no verdict where a package cannot be put back, says why, and exits 3', async () => {
    const [first, second] = [await run(good), await run(bad)];

    // These machines are folders: no script gets into them.
    const { out, code } = await call('bisect', first, second, '--cell', cell, '--put-back', 'virtiofsd');

    expect(code).toBe(3);
    expect(out).toMatch(/without a verdict with virtiofsd=1\.13\.2-1 put back \(\S+\): cannot prepare/);
  });

  it.each([
    [['--put-back', 'virtiofsd'], /say by --cell which cell/],
    [['--cell', cell], /say --put-back PACKAGE, or --halve/],
    [['--cell', cell, '--put-back', 'linux-image-amd64'], /has booted with its kernel/],
    [['--cell', cell, '--put-back', 'nftables'], /the good run did not have it; say nftables=VERSION/],
    [['--cell', cell, '--put-back', 'rm -rf /'], /cannot read --put-back "rm -rf \/"/],
    [
      ['--cell', 'debian-13/host/host.kvm', '--halve'],
      /cannot bisect debian-13\/host\/host.kvm: it is not in/,
    ],
  ])('refuses %j', async (words, complaint) => {
    const [first, second] = [await run(good), await run(bad)];

    expect(await call('bisect', first, second, ...words)).toMatchObject({
      code: 2,
      err: expect.stringMatching(complaint),
    });
  });
});

describe('katafarm diff', () => {
  it('tells the cells that differ, and what changed, and exits 1 for a new red', async () => {
    const [first, second] = [await run(good), await run(bad)];

    const { out, code } = await call('diff', first, second);
    const other = await call('diff', second, first, '--json');

    expect(code).toBe(1);
    expect(out).toMatch(
      /New failures: .*\n {2}debian-13\/host\/host\.cpu\n {4}the packages are broken\n {4}suspect {3}virtiofsd 1.13.2-1 → 1.13.2-2\n {4}fault .*\n {4}why .*\n {4}evidence /,
    );
    expect(out).toContain('virtiofsd 1.13.2-1 → 1.13.2-2');
    expect(out).toContain('1 new failure in 1 cell compared');
    expect(other.code).toBe(0);
    expect(JSON.parse(other.out)).toMatchObject({
      counts: { 'new-green': 1 },
      cells: [{ cell, kind: 'new-green' }],
    });
  });

  it('exits 3 where no cell has a verdict in both', async () => {
    const first = await run(good);
    await writeFile(
      join(folder, 'scenarios', 'host', 'lsm.ts'),
      "export default { title: 'x', on: ['host'], async run() {} };\n",
    );
    await call(
      'run',
      'debian-13',
      '--kata',
      'none',
      '--scenario',
      'host.lsm',
      '--no-bundled',
      '--scenarios',
      join(folder, 'scenarios'),
    );
    const second = (await readdir(join(folder, 'runs'))).find((id) => id !== first) ?? '';

    expect(await call('diff', first, second)).toMatchObject({
      code: 3,
      out: expect.stringContaining('nothing could be compared'),
    });
  });
});
