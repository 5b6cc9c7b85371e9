import { describe, expect, it } from 'vitest';
import { digestOf, indexOf } from '../../../src/host/package-index.ts';

const lists = ['main/binary-amd64/Packages'];
const release = (
  packages: string,
  date = 'Sat, 12 Sep 2026 07:55:41 UTC',
) => `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Origin: Debian
Date: ${date}
MD5Sum:
 e08be5a2aa84e0f84bd976c3ce580092 56620099 main/binary-amd64/Packages
SHA256:
 4f2c68d67001d595fbd343f6dbad44468953a51c4d9dec3a4803249f6e295940 ${packages} main/binary-amd64/Packages
 7778d3e3f303b7ddb8ce0fe7c8d57473a076c6bf2e8f241f75421d2396352498  9678380 main/binary-amd64/Packages.xz
 aa78d3e3f303b7ddb8ce0fe7c8d57473a076c6bf2e8f241f75421d2396352498  9678380 main/binary-arm64/Packages
-----BEGIN PGP SIGNATURE-----
`;

describe("a package index's digest", () => {
  const digest = digestOf(release('56620099'), lists);

  it('does not change with the date and the signature', () => {
    expect(digestOf(`${release('56620099', 'Sun, 13 Sep 2026')}iQIzBAEBCgAd\n`, lists)).toBe(digest);
  });

  it('does not change with lists that were not used', () => {
    expect(digestOf(release('56620099').replace(' aa78', ' bb78'), lists)).toBe(digest);
  });

  it.each([
    ['list', release('56620100')],
    ['compressed list', release('56620099').replace(' 7778', ' 8878')],
  ])('changes with another %s', (_, other) => {
    expect(digestOf(other, lists)).not.toBe(digest);
  });

  it('is not made of a page that is no Release file', () => {
    expect(() => digestOf('<html>please log in</html>', lists)).toThrow(
      'it says nothing of main/binary-amd64/Packages',
    );
  });
});

describe('the index of an image', () => {
  const at = 'http://deb.example.org/debian';
  const kept = '/var/lib/apt/lists/deb.example.org_debian_dists';
  const names = 'deb.example.org_debian_dists';
  const line = (suite: string, component: string) =>
    `${component}/binary-amd64/Packages ${at}/dists/${suite}/${component}/binary-amd64/Packages ${kept}_${suite}_${component}_binary-amd64_Packages.lz4`;
  const text = release('1').replaceAll('main/binary-arm64', 'contrib/binary-amd64');

  it('is by archive: where to ask, which lists, and what is said of them', () => {
    const index = indexOf(
      `${[line('trixie', 'main'), line('trixie', 'contrib'), line('trixie-updates', 'main')].join('\n')}\n`,
      new Map([
        [`${names}_trixie-updates_InRelease`, release('2')],
        [`${names}_trixie_InRelease`, text],
      ]),
    );

    const both = ['contrib/binary-amd64/Packages', 'main/binary-amd64/Packages'];
    expect(index).toEqual([
      { url: `${at}/dists/trixie/InRelease`, lists: both, digest: digestOf(text, both) },
      { url: `${at}/dists/trixie-updates/InRelease`, lists, digest: digestOf(release('2'), lists) },
    ]);
  });

  it('asks an archive that has no InRelease for its Release', () => {
    const [source] = indexOf(line('trixie', 'main'), new Map([[`${names}_trixie_Release`, text]]));

    expect(source?.url).toBe(`${at}/dists/trixie/Release`);
  });

  it('is refused where a list has no Release file', () => {
    expect(() => indexOf(line('trixie', 'main'), new Map())).toThrow(
      `cannot find the Release file of ${at}/dists/trixie/main/binary-amd64/Packages`,
    );
  });
});
