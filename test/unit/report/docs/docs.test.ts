import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matrixOf } from '../../../../src/domain/matrix.ts';
import { typedInstall } from '../../../../src/install/managers/table.ts';
import { checkDistros, loadDistros } from '../../../../src/load/load-distros.ts';
import { osinfoJsonSchema } from '../../../../src/load/osinfo.ts';
import { docsOf } from '../../../../src/report/docs/docs.ts';
import { distroLike, read } from '../../../support/domain.ts';
import { qemuCells, runLike } from '../../domain/run-like.ts';

const distros = await loadDistros(resolve(import.meta.dirname, '../../../../distros'));
const run = runLike({ id: 'n1', cells: qemuCells('debian-13') });
const matrix = matrixOf([run], { today: '2026-11-22' });
const rest = { installs: typedInstall, kata: '4.1.0', osinfoSchema: osinfoJsonSchema(), knownIssues: [] };
const all = docsOf({ distros, matrix, ...rest });
const textOf = (path: string) => all.find((one) => one.path === path)?.text ?? '';

describe('the published pages', () => {
  it('are one for each release, and the same bytes each time', () => {
    expect(all.filter(({ path }) => path.startsWith('distros/'))).toHaveLength(distros.length);
    expect(docsOf({ distros, matrix, ...rest })).toEqual(all);
  });

  it('link to nothing that is not there', () => {
    const paths = new Set([...all.map(({ path }) => path), 'matrix.json']);
    const dead = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
        .map(([, link = '']) => posix.join(posix.dirname(path), link))
        .filter((target) => !paths.has(target)),
    );

    expect(dead).toEqual([]);
  });

  it('name a source and its trust for every claim', () => {
    for (const distro of distros) {
      const page = textOf(`distros/${distro.id}.md`);
      for (const { source, trust } of Object.values(distro.parts)) {
        expect(source).not.toBe('nobody wrote down where');
        expect(page).toMatch(new RegExp(`\\| ${trust} \\|`));
      }
    }
  });

  it('give a release that nobody ran no word, and show what was', () => {
    const untested = distroLike({ id: 'other-1', title: 'Other' });
    const [tested] = distros.filter(({ id }) => id === 'debian-13');
    const made = docsOf({ distros: tested ? [tested, untested] : [], matrix, ...rest });
    const page = (id: string) => made.find(({ path }) => path === `distros/${id}.md`)?.text;

    expect(page('other-1')).toContain('**unknown**: no published run has tried it.');
    expect(page('debian-13')).toContain('**capable (emulated)**');
  });

  it('say when a command was last verified, and of which versions, or that it was not', () => {
    const [first] = matrix.evidence.runs;
    const packages = { 'debian-13': { containerd: '1.7.24', runc: '1.1.15' } };
    const had = { ...matrix, evidence: { ...matrix.evidence, runs: first ? [{ ...first, packages }] : [] } };
    const made = docsOf({ distros, matrix: had, ...rest });
    const page = made.find(({ path }) => path === 'distros/debian-13.md')?.text ?? '';

    expect(page).toMatch(
      /apt-get install containerd runc\n```\n\nLast verified \d{4}-\d\d-\d\d: containerd 1\.7\.24, runc 1\.1\.15 \(run n1\)/,
    );
    expect(page).toMatch(/apt-get install qemu-system-x86 virtiofsd\n```\n\nNot verified/);
  });

  it('show no text of a release as Markdown of its own', () => {
    const hostile = distroLike({
      title: '[x](evil) <b>',
      parts: { kata: { unknown: '| a | [b](c)', ...read } },
    });
    const made = docsOf({ distros: [hostile], matrix, ...rest });

    for (const { path, text } of made.filter((one) => one.path.endsWith('.md'))) {
      expect(text, path).not.toMatch(/(?<!\\)\]\((evil|c)\)|<b>/);
    }
  });
});

describe('the published osinfo', () => {
  it('has the keys of the 2020 proposal', () => {
    expect(textOf('osinfo/debian-13.yaml')).toMatch(
      /apiVersion: v1\ndistro: debian\nversion:\n {2}- "13"\narch: x86_64\npackage-installer: apt\nvmm:\n {2}name: qemu\n {2}packages: qemu-system-x86\n {2}path: \/usr\/bin\/qemu-system-x86_64/,
    );
  });

  it('is read back as the very releases that it was made of', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'katafarm-osinfo-'));
    try {
      for (const { path, text } of all.filter(({ path }) => /^osinfo\/.*\.yaml$/.test(path))) {
        await writeFile(join(folder, posix.basename(path)), text);
      }
      const again = await loadDistros(folder);

      const alone = distros.map((distro) => ({ ...distro, architectures: [distro.arch] }));
      expect(again).toEqual(alone);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has every package of a compiler, and what a cloud image does without, as the pages have them', async () => {
    const cloud = { bring: 'by hand', firmware: 'bios', emulateWithout: ['xsave'], ...read } as const;
    const toolchain = { rust: 'rustc', alternatives: { rust: ['rustc-web'] } };
    const [known] = distros.filter(({ id }) => id === 'debian-13');
    const { parts } = known ?? {};
    const odd = distroLike({
      id: 'other-1',
      title: 'Other',
      toolchain,
      images: { cloud },
      ...(parts && { parts }),
    });
    const made = docsOf({ distros: [odd], matrix, ...rest });
    const folder = await mkdtemp(join(tmpdir(), 'katafarm-osinfo-'));
    try {
      const published = made.find(({ path }) => path === 'osinfo/other-1.yaml')?.text ?? '';
      await writeFile(join(folder, 'other-1.yaml'), published);

      expect(await loadDistros(folder)).toEqual([odd]);
    } finally {
      await rm(folder, { recursive: true });
    }
    const page = made.find(({ path }) => path === 'distros/other-1.md')?.text;
    expect(page).toContain('What Kata is built with: Rust is in `rustc`, or in `rustc-web`.');
  });

  it('is refused with the place of a mistake', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'katafarm-osinfo-'));
    try {
      await writeFile(
        join(folder, 'debian-13.yaml'),
        textOf('osinfo/debian-13.yaml').replace('arch: x86_64', 'arch: x68_64'),
      );
      const { complaints } = await checkDistros(folder);

      expect(complaints.join()).toMatch(
        /debian-13\.yaml:6:7 "arch" cannot be "x68_64"; did you mean "x86_64"\?/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has an index of all, with their words', async () => {
    const index = JSON.parse(textOf('osinfo/index.json'));

    expect(index.releases).toHaveLength(distros.length);
    expect(index.releases.find(({ id }: { id: string }) => id === 'debian-13')).toMatchObject({
      word: 'capable (emulated)',
    });
    await expect(
      readFile(new URL('../../../../distros/distro.schema.json', import.meta.url), 'utf8'),
    ).resolves.toBeTruthy();
  });
});
