import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Distro } from '../../../../src/domain/distro.ts';
import { UserError } from '../../../../src/errors.ts';
import { overlayOf } from '../../../../src/install/overlay/overlay.ts';
import { type OverlayChoice, overlayParts, overlayWords } from '../../../../src/install/overlay/parts.ts';
import { distroLike } from '../../../support/domain.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overlay-parts-'));
  await writeFile(join(folder, 'a.deb'), '!<arch>\ndebian-binary   a');
  await writeFile(join(folder, 'notes.txt'), 'no package\n');
  await mkdir(join(folder, 'flat'));
  await writeFile(join(folder, 'flat/Packages'), 'Package: a\n');
  await mkdir(join(folder, 'whole/dists/trixie/main/binary-amd64'), { recursive: true });
  await writeFile(join(folder, 'whole/dists/trixie/Release'), 'Suite: stable\nComponents: main contrib\n');
  await mkdir(join(folder, 'hollow/dists/trixie'), { recursive: true });
  await mkdir(join(folder, 'empty'));
});
afterEach(() => rm(folder, { recursive: true }));

const partsOf = (choice: OverlayChoice, distro = distroLike()) => overlayParts(choice, [distro], folder);

describe('what an overlay is made of', () => {
  it('is packages by their full paths, repositories with their suites, names, and words for people', async () => {
    const choice = { withPackage: ['a.deb'], withRepo: ['flat', 'whole'], enableRepo: ['experimental'] };

    expect(await partsOf(choice)).toEqual({
      packages: [{ path: join(folder, 'a.deb'), name: 'a.deb' }],
      repositories: [
        { kind: 'folder', path: join(folder, 'flat'), suites: [] },
        {
          kind: 'folder',
          path: join(folder, 'whole'),
          suites: [{ name: 'trixie', components: ['main', 'contrib'] }],
        },
      ],
      suites: ['experimental'],
      words: ['a.deb', 'repository flat', 'repository whole', 'repository experimental'],
    });
  });

  it.each([
    ['https://packages.example/flat/', ['https://packages.example/flat/']],
    ['https://packages.example/debian sid main', ['https://packages.example/debian', 'sid', 'main']],
  ])('takes %s as an address', async (said, words) => {
    expect((await partsOf({ withRepo: [said] })).repositories).toEqual([{ kind: 'address', words }]);
  });

  it.each([
    [
      { withPackage: ['notes.txt'] },
      'cannot use --with-package notes.txt on debian-13: it is no Debian package',
    ],
    [{ withPackage: ['missing.deb'] }, 'missing.deb: ENOENT'],
    [{ withRepo: ['empty'] }, 'has neither dists/ nor Packages; make an index there'],
    [{ withRepo: ['missing'] }, 'cannot read --with-repo missing'],
    [{ withRepo: ['hollow'] }, 'no folder in its dists/ has a Release that names its Components'],
    [{ withRepo: ['https://packages.example/debian sid'] }, 'a suite has components'],
  ])('refuses %j', async (choice, words) => {
    const refused = partsOf(choice);

    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.toBeInstanceOf(UserError);
  });

  it('refuses a release whose package manager it does not know yet', async () => {
    const fedora = distroLike({ id: 'fedora-43', packageManager: 'dnf' as Distro['packageManager'] });

    await expect(partsOf({ withPackage: ['a.deb'] }, fedora)).rejects.toThrow(
      'cannot overlay packages on fedora-43 yet: its package manager is dnf',
    );
  });

  it("tells no address's password", () => {
    expect(overlayWords({ withRepo: ['https://ada:s3cret@packages.example/'] })).toEqual([
      'https://packages.example/',
    ]);
  });
});

describe("an overlay's key", () => {
  const keyOf = async (choice: OverlayChoice) => (await overlayOf(await partsOf(choice))).key;

  it('begins with words for people, and is the same for the same content', async () => {
    const key = await keyOf({ withPackage: ['a.deb'], withRepo: ['flat'] });

    expect(key).toBe(await keyOf({ withPackage: ['a.deb'], withRepo: ['flat'] }));
    expect(key.split('\n')[0]).toBe('overlay of a.deb, repository flat');
  });

  it.each([
    ['a.deb', { withPackage: ['a.deb'] }],
    ['flat/Packages', { withRepo: ['flat'] }],
    ['whole/dists/trixie/main/binary-amd64/Packages', { withRepo: ['whole'] }],
  ])('is another one once %s has changed', async (path, choice) => {
    const before = await keyOf(choice);
    await writeFile(join(folder, path), '!<arch>\ndebian-binary   b');

    expect(await keyOf(choice)).not.toBe(before);
  });
});
