import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BuiltImage } from '../../../src/domain/image-source.ts';
import { customizeScript } from '../../../src/host/mmdebstrap.ts';
import { imageRecipe, recipeKey } from '../../../src/providers/qemu/image-recipe.ts';
import { distroLike } from '../../support/domain.ts';

const qemu: BuiltImage = {
  build: 'mmdebstrap',
  suite: 'trixie',
  components: ['main', 'contrib'],
  sources: [],
  include: ['openssh-server', 'runc'],
  exclude: ['qemu-system-gui'],
  emulateWithout: [],
};
const trixie = distroLike({ images: { qemu } });
const plain = { allowExpired: false };

describe('a recipe', () => {
  it('has every packaged part once, what else is wanted, and not what is excluded', () => {
    const include = imageRecipe(trixie, plain).options.find((option) => option.startsWith('--include='));

    expect(include?.slice('--include='.length).split(',')).toEqual([
      'linux-image-amd64',
      'qemu-system-x86',
      'virtiofsd',
      'containerd',
      'runc',
      'openssh-server',
      'qemu-system-gui-',
    ]);
  });

  it("installs by the distro's own defaults, and takes mmdebstrap's own mirror", () => {
    const recipe = imageRecipe(trixie, plain);

    expect(recipe.options).toContain('--aptopt=Apt::Install-Recommends "true"');
    expect(recipe.options).toContain('--components=main,contrib');
    expect(recipe.mirrors).toEqual([]);
    expect(recipe.options.join(' ')).not.toContain('Check-Valid-Until');
  });

  it('puts a mirror before the sources that the release names', () => {
    const sources = ['deb http://security.example.org trixie-security main'];
    const recipe = imageRecipe(distroLike({ images: { qemu: { ...qemu, sources } } }), {
      ...plain,
      url: 'http://mirror.example.org/debian',
    });

    expect(recipe.mirrors).toEqual(['http://mirror.example.org/debian', ...sources]);
  });

  it('accepts an expired mirror only when told to, and records it as a deviation', () => {
    const recipe = imageRecipe(trixie, { allowExpired: true });

    expect(recipe.options).toContain('--aptopt=Acquire::Check-Valid-Until "false"');
    expect(recipe.deviations.join()).toContain('expired');
    expect(imageRecipe(trixie, plain).deviations.join()).not.toContain('expired');
  });

  it('is refused to a release without an image', () => {
    expect(() => imageRecipe(distroLike(), plain)).toThrow('debian-13 has no image recipe');
  });
});

describe("a recipe's key", () => {
  const key = recipeKey(imageRecipe(trixie, plain));

  it('is the same for the same recipe', () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(recipeKey(imageRecipe(structuredClone(trixie), { ...plain }))).toBe(key);
  });

  it.each([
    ['mirror', imageRecipe(trixie, { ...plain, url: 'http://mirror.example.org' })],
    ['leave to expire', imageRecipe(trixie, { allowExpired: true })],
    ['suite', imageRecipe(distroLike({ images: { qemu: { ...qemu, suite: 'sid' } } }), plain)],
    ['package', imageRecipe(distroLike({ images: { qemu: { ...qemu, include: ['socat'] } } }), plain)],
    ['release', imageRecipe({ ...trixie, id: 'debian-sid' }, plain)],
    ['finish', { ...imageRecipe(trixie, plain), finish: 'true' }],
    ["file of the farm's", { ...imageRecipe(trixie, plain), files: {} }],
  ])('changes with another %s', (_, other) => {
    expect(recipeKey(other)).not.toBe(key);
  });
});

describe('the script that finishes a root', () => {
  const recipe = imageRecipe(trixie, plain);

  it('is one that every POSIX shell can read', () => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: customizeScript(recipe), encoding: 'utf8' });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(spawnSync('sh', ['-n'], { input: recipe.finish }).status).toBe(0);
  });

  it('writes each file with its bytes and mode, then finishes in the root and nowhere else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recipe-'));
    const root = join(folder, "a root's");
    await writeFile(join(folder, 'chroot'), `#!/bin/sh\nprintf '%s|' "$@" > '${folder}/called'\n`, {
      mode: 0o755,
    });

    const { status } = spawnSync('sh', ['-c', customizeScript(recipe), 'sh', root], {
      env: { PATH: `${folder}:${process.env['PATH']}` },
    });

    expect(status).toBe(0);
    for (const [path, { text, mode }] of Object.entries(recipe.files)) {
      expect(await readFile(join(root, path), 'utf8')).toBe(text);
      expect((await stat(join(root, path))).mode & 0o777).toBe(mode);
    }
    expect(await readFile(join(folder, 'called'), 'utf8')).toBe(`${root}|/bin/sh|-euc|${recipe.finish}|`);
    await rm(folder, { recursive: true });
  });
});
