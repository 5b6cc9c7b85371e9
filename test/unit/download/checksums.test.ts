import { describe, expect, it } from 'vitest';
import { digestIn, namesIn } from '../../../src/download/checksums.ts';

const a = 'a1'.repeat(32);
const b = 'b2'.repeat(32);
const long = 'c3'.repeat(64);
const image = 'debian-13-genericcloud-amd64.qcow2';
const sha256 = (hex: string) => ({ algorithm: 'sha256', hex });

const signedAround = (text: string) => `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

${text}
-----BEGIN PGP SIGNATURE-----

iQIzBAEBCAAdFiEE${a}
=abcd
-----END PGP SIGNATURE-----
`;

describe('a checksum file', () => {
  it.each([
    ['sha256sum', `${b}  other.qcow2\n${a}  ${image}\n`, sha256(a)],
    ['sha256sum of a file read as it is', `${a} *${image}\n`, sha256(a)],
    ['sha256sum with a path', `${a}  ./images/${image}\n`, sha256(a)],
    ['sha512sum', `${long}  ${image}\n`, { algorithm: 'sha512', hex: long }],
    ['md5 -r of BSD', `${a} ${image}\n`, sha256(a)],
    ['shasum --tag', `SHA256 (other.qcow2) = ${b}\nSHA256 (${image}) = ${a}\n`, sha256(a)],
    ['shasum --tag of sha512', `SHA512 (${image}) = ${long}\n`, { algorithm: 'sha512', hex: long }],
    ['a digest that stands alone', `${a}\n`, sha256(a)],
    ['Windows, with a carriage return', `${a}  ${image}\r\n`, sha256(a)],
    ['capitals', `${a.toUpperCase()}  ${image}\n`, sha256(a)],
    ['a comment before it', `# ${image}: 448397312 bytes\nSHA256 (${image}) = ${a}\n`, sha256(a)],
  ])('is read as %s writes it, clear-signed as well', (_, text, expected) => {
    expect(digestIn(text, image)).toEqual(expected);
    expect(digestIn(signedAround(text), image)).toEqual(expected);
  });

  it('counts by the longest of several digests', () => {
    expect(digestIn(`SHA256 (${image}) = ${a}\nSHA512 (${image}) = ${long}\n`, image)).toEqual({
      algorithm: 'sha512',
      hex: long,
    });
  });

  it.each([
    ['of another name', `${a}  other.qcow2\n`],
    ['of a name that only ends alike', `${a}  not-${image}\n`],
    ['of MD5 or SHA-1 alone', `${'d'.repeat(32)}  ${image}\n${'e'.repeat(40)}  ${image}\n`],
    ['that is two different things at once', `${a}  ${image}\n${b}  ${image}\n`],
    ['of a page that says that nothing is there', '<html><body>404 Not Found</body></html>'],
    ['that stands behind the signature', signedAround('').replace('=abcd', `${a}  ${image}`)],
  ])('says nothing by a digest %s', (_, text) => {
    expect(digestIn(text, image)).toBeUndefined();
  });

  it('takes back what clear-signing put before a dash', () => {
    expect(namesIn(signedAround(`${a}  one.qcow2\n- -----\n${b}  two.qcow2`))).toEqual([
      'one.qcow2',
      'two.qcow2',
    ]);
  });
});
