import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endOfLife, isPackaged } from '../../../src/domain/distro.ts';
import { loadDistros } from '../../../src/load/load-distros.ts';
import { selectDistros } from '../../../src/load/select.ts';

const ours = resolve(import.meta.dirname, '../../../distros');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-distros-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the releases that come along', () => {
  it('are five, by id', async () => {
    const distros = await loadDistros(ours);

    expect(distros.map(({ id }) => id)).toEqual([
      'debian-11',
      'debian-12',
      'debian-13',
      'debian-forky',
      'debian-sid',
    ]);
  });

  it('have an end, unless they are rolling', async () => {
    const distros = await loadDistros(ours);

    expect(distros.map((distro) => endOfLife(distro))).toEqual([
      '2026-08-31',
      '2028-06-30',
      '2030-06-30',
      undefined,
      undefined,
    ]);
  });

  it("have the C virtiofsd among QEMU's own files until Debian 12, the Rust one after it", async () => {
    const distros = await loadDistros(ours);

    const paths = distros.map(({ parts: { virtiofsd } }) => isPackaged(virtiofsd) && virtiofsd.path);
    expect(paths).toEqual([
      '/usr/lib/qemu/virtiofsd',
      '/usr/lib/qemu/virtiofsd',
      '/usr/libexec/virtiofsd',
      '/usr/libexec/virtiofsd',
      '/usr/libexec/virtiofsd',
    ]);
  });

  it('name the schema for editors in their first line', async () => {
    const files = (await readdir(ours)).filter((name) => name.endsWith('.yaml'));
    const lines = await Promise.all(
      files.map(async (name) => (await readFile(join(ours, name), 'utf8')).split('\n')[0]),
    );

    expect(new Set(lines)).toEqual(new Set(['# yaml-language-server: $schema=./distro.schema.json']));
  });
});

describe('a folder of releases', () => {
  it('is refused with every complaint of every file in one error', async () => {
    await writeFile(join(folder, 'debian-14.yaml'), 'titel: Debian 14\n');
    await writeFile(join(folder, 'Debian 15.yaml'), '');
    await writeFile(join(folder, 'debian-16.yml'), '');

    const error: unknown = await loadDistros(folder).catch((cause: unknown) => cause);

    expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
    expect(String(error)).toContain(
      `${folder}/debian-14.yaml:1:1 unknown key "titel"; did you mean "title"?`,
    );
    expect(String(error)).toContain(`${folder}/debian-14.yaml:1:1 "parts" is missing`);
    expect(String(error)).toContain("Debian 15.yaml:1:1 the file's name is the id");
    expect(String(error)).toContain('debian-16.yml:1:1 must be called debian-16.yaml');
  });

  it('is sorted by number where ids end in one', async () => {
    for (const id of ['debian-13', 'debian-9', 'debian-100']) {
      await copyFile(join(ours, 'debian-13.yaml'), join(folder, `${id}.yaml`));
    }

    const distros = await loadDistros(folder);

    expect(distros.map(({ id }) => id)).toEqual(['debian-9', 'debian-13', 'debian-100']);
  });

  it.each([
    ['that is empty', '', 'cannot find a release in'],
    ['that does not exist', 'nowhere', "cannot read the releases' folder"],
  ])('%s is said to be so', async (_, name, message) => {
    await expect(loadDistros(join(folder, name))).rejects.toThrow(message);
  });
});

describe('choosing releases', () => {
  it('takes all where none is named, and keeps the order in which they are', async () => {
    const distros = await loadDistros(ours);

    expect(selectDistros(distros, [])).toEqual(distros);
    expect(selectDistros(distros, ['debian-sid', 'debian-12', 'debian-sid']).map(({ id }) => id)).toEqual([
      'debian-sid',
      'debian-12',
    ]);
  });

  it('suggests the nearest for one that is not there', async () => {
    const distros = await loadDistros(ours);

    expect(() => selectDistros(distros, ['debian-sidd'])).toThrow(
      'cannot find the release "debian-sidd": did you mean "debian-sid"?',
    );
  });
});
