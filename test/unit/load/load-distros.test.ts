import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPackaged } from '../../../src/domain/claim.ts';
import { endOfLife } from '../../../src/domain/distro.ts';
import { loadDistros } from '../../../src/load/load-distros.ts';
import { selectDistros } from '../../../src/load/select.ts';

const ours = resolve(import.meta.dirname, '../../../distros');
const debians = ['debian-11', 'debian-12', 'debian-13', 'debian-forky', 'debian-sid'] as const;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-distros-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the releases that come along', () => {
  it('are at least 25 by their files, sorted by id', async () => {
    const files = (await readdir(ours)).filter((name) => name.endsWith('.yaml'));
    const ids = (await loadDistros(ours)).map(({ id }) => id);

    expect(files.length).toBeGreaterThanOrEqual(25);
    expect(new Set(ids.map((id) => `${id.replace(/@.*/, '')}.yaml`))).toEqual(new Set(files));
    expect(ids).toEqual(ids.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  });

  it('have an end, unless they are rolling', async () => {
    const ends = new Map((await loadDistros(ours)).map((distro) => [distro.id, endOfLife(distro)]));

    expect(debians.map((id) => ends.get(id))).toEqual([
      '2026-08-31',
      '2028-06-30',
      '2030-06-30',
      undefined,
      undefined,
    ]);
  });

  it("have the C virtiofsd among QEMU's own files until Debian 12, the Rust one after it", async () => {
    const parts = new Map((await loadDistros(ours)).map((distro) => [distro.id, distro.parts]));

    const paths = debians.map((id) => {
      const virtiofsd = parts.get(id)?.virtiofsd;
      return virtiofsd && isPackaged(virtiofsd) && virtiofsd.path;
    });
    expect(paths).toEqual([
      '/usr/lib/qemu/virtiofsd',
      '/usr/lib/qemu/virtiofsd',
      '/usr/libexec/virtiofsd',
      '/usr/libexec/virtiofsd',
      '/usr/libexec/virtiofsd',
    ]);
  });

  it('claim nothing to be tested on an architecture on which no machine of the farm ran', async () => {
    const distros = (await loadDistros(ours)).filter(({ arch }) => arch !== 'amd64');

    const tested = distros.flatMap(({ id, parts, images, ships }) =>
      [...Object.values(parts), images.cloud, images.docker, ships]
        .filter((claim) => claim?.trust === 'tested')
        .map(() => id),
    );
    expect(distros.length).toBeGreaterThan(0);
    expect(tested).toEqual([]);
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

    expect(distros.map(({ id }) => id)).toEqual([
      'debian-9',
      'debian-9@arm64',
      'debian-13',
      'debian-13@arm64',
      'debian-100',
      'debian-100@arm64',
    ]);
  });

  it.each([
    ['that is empty', '', 'cannot find a release in'],
    ['that does not exist', 'nowhere', "cannot read the releases' folder"],
  ])('%s is said to be so', async (_, name, message) => {
    await expect(loadDistros(join(folder, name))).rejects.toThrow(message);
  });
});

describe('choosing releases', () => {
  it('takes all on amd64 where none is named, and keeps the order in which they are', async () => {
    const distros = await loadDistros(ours);

    expect(selectDistros(distros, []).map(({ id }) => id)).toEqual(
      distros.map(({ id }) => id).filter((id) => !id.includes('@')),
    );
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

  it('names the list where nothing is near, and all there are where they are few', async () => {
    const distros = await loadDistros(ours);

    expect(() => selectDistros(distros, ['templeos'])).toThrow(
      'cannot find the release "templeos": katafarm list distros names them all',
    );
    expect(() =>
      selectDistros(
        distros.filter(({ id }) => id === 'debian-sid'),
        ['templeos'],
      ),
    ).toThrow('cannot find the release "templeos": there are debian-sid');
  });
});
