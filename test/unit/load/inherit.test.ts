import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDistros } from '../../../src/load/load-distros.ts';

const debian = await readFile(resolve(import.meta.dirname, '../../../distros/debian-13.yaml'), 'utf8');
const life = 'lifecycle: { released: 2025-10-01, source: example.org }';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katafarm-inherit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function checked(files: Readonly<Record<string, string>>) {
  const place = await mkdtemp(join(folder, 'distros-'));
  for (const [id, text] of Object.entries({ 'debian-13': debian, ...files })) {
    await writeFile(join(place, `${id}.yaml`), text);
  }
  const { values, complaints } = await checkDistros(place);
  const said = complaints.map((one) => one.replace(`${place}/`, ''));
  return { complaints: said, of: (id: string) => values.find((one) => one.id === id) };
}

describe('a release with a parent', () => {
  it('has what its parent says, and says only what differs', async () => {
    const { of, complaints } = await checked({
      'child-1': `parent: debian-13\ntitle: Child\n${life}\nparts: { runc: { package: crun, path: /usr/bin/crun, source: its index, trust: read } }\nimages: { qemu: { suite: child } }\n`,
    });
    const child = of('child-1');

    expect(complaints).toEqual([]);
    expect(child?.parts.runc).toEqual({
      package: 'crun',
      path: '/usr/bin/crun',
      source: 'its index',
      trust: 'read',
    });
    expect(child?.parts.qemu).toMatchObject({ package: 'qemu-system-x86', trust: 'unverified' });
    expect(child?.parts.qemu.source).toMatch(/^as debian-13: machines of trixie/);
    expect(child?.images.qemu).toMatchObject({ suite: 'child', build: 'mmdebstrap' });
    expect(child?.notes).toEqual([]);
  });

  it('may vouch for what it has of its parent', async () => {
    const { of } = await checked({
      'child-1': `parent: debian-13\ntitle: Child\n${life}\nsources: { inherited: { source: its own index, trust: read } }\n`,
    });

    expect(of('child-1')?.parts.qemu).toMatchObject({ source: 'its own index', trust: 'read' });
  });

  it('takes away what it does not have by null', async () => {
    const { of } = await checked({
      'child-1': `parent: debian-13\ntitle: Child\n${life}\nimages: { qemu: null, cloud: null, docker: null }\n`,
    });

    expect(of('child-1')?.images).toEqual({});
  });

  it('has its own source where it says one, also of an image', async () => {
    const cloud = 'images: { cloud: { url: "https://example.org/{build}.qcow2", from: own } }';
    const mother =
      'images: { cloud: { url: "https://m.example/{build}.qcow2", latest: { index: "https://m.example/", pattern: "(x)" }, checksums: "https://m.example/S", source: hers, trust: unverified } }';
    const { of, complaints } = await checked({
      'child-1': `parent: mother-1\ntitle: Child\n${life}\nsources: { own: { source: its page, trust: read } }\n${cloud}\ntracker: null\n`,
      'mother-1': `parent: debian-13\ntitle: Mother\n${life}\n${mother}\n`,
    });

    expect(complaints).toEqual([]);
    expect(of('child-1')?.images.cloud).toMatchObject({ source: 'its page', trust: 'read' });
    expect(of('child-1')).not.toHaveProperty('tracker');
  });

  it.each([
    [
      'a parent that is not there',
      'parent: debain-13',
      'child-1.yaml:1:9 "parent" cannot be "debain-13"; did you mean "debian-13"?',
    ],
    ['itself', 'parent: child-1', 'child-1.yaml:1:9 "parent" cannot be "child-1"'],
    ['a key that nobody knows', 'parent: debian-13\nlms: none', 'child-1.yaml:2:1 unknown key "lms"'],
  ])('refuses %s', async (_, head, message) => {
    const { complaints } = await checked({ 'child-1': `${head}\ntitle: Child\n${life}\n` });

    expect(complaints.join('\n')).toContain(message);
  });

  it('says of parents that lead back to it that they do, and of a wrong parent only what is wrong there', async () => {
    const loop = await checked({ 'a-1': 'parent: b-1\ntitle: A\n', 'b-1': 'parent: a-1\ntitle: B\n' });
    const wrong = await checked({
      'debian-13': debian.replace('lsm: apparmor', 'lsm: wrong'),
      'child-1': `parent: debian-13\ntitle: Child\n${life}\n`,
    });

    expect(loop.complaints[0]).toBe('a-1.yaml:1:1 its parents lead back to it');
    expect(wrong.complaints).toHaveLength(1);
    expect(wrong.complaints[0]).toMatch(/^debian-13\.yaml/);
  });
});

describe('a release on several architectures', () => {
  const arm = (on: string) =>
    `parent: debian-13\ntitle: Child\n${life}\narchitectures: [amd64, arm64]\non:\n  arm64:\n${on}`;

  it('is one on each, with what differs there', async () => {
    const { of, complaints } = await checked({
      'child-1': arm(
        '    parts: { qemu: { package: qemu-system-arm, path: /usr/bin/qemu-system-aarch64, from: index } }\n',
      ),
    });

    expect(complaints).toEqual([]);
    expect(of('child-1')?.parts.qemu).toMatchObject({ package: 'qemu-system-x86' });
    expect(of('child-1@arm64')).toMatchObject({
      arch: 'arm64',
      parts: { qemu: { package: 'qemu-system-arm' } },
    });
  });

  it('is refused at the place of the mistake', async () => {
    const { complaints } = await checked({ 'child-1': arm('    lsm: aparmor\n') });

    expect(complaints).toEqual(['child-1.yaml:7:10 "lsm" cannot be "aparmor"; did you mean "apparmor"?']);
  });
});
