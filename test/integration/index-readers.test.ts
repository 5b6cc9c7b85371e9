import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readApk } from '../../src/index/apk.ts';
import { readApt } from '../../src/index/apt.ts';
import { getter } from '../../src/index/get.ts';
import type { IndexReader } from '../../src/index/index-reader.ts';
import { readPacman } from '../../src/index/pacman.ts';
import { readRpmMd } from '../../src/index/rpm-md.ts';
import { readXbps } from '../../src/index/xbps.ts';

// Shapes as the publishers' own files have them; what is left out of each entry is said by `…`.
const packages = `Package: qemu-system-x86
Source: qemu
Version: 1:10.0.13+ds-0+deb13u1
Architecture: amd64
Depends: libc6 (>= 2.38)

Package: virtiofsd
Version: 1.13.2-1+deb13u1

`;
const primary = `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" packages="3">
<package type="rpm"><name>virtiofsd</name><arch>x86_64</arch><version epoch="0" ver="1.13.2" rel="1.fc43"/></package>
<package type="rpm"><name>qemu-kvm</name><arch>x86_64</arch><version epoch="2" ver="10.1.0" rel="4.fc43"/></package>
<package type="rpm"><name>qemu-kvm</name><arch>i686</arch><version epoch="2" ver="9.9.9" rel="1.fc43"/></package>
</metadata>`;
const repomd = `<repomd><data type="filelists"><location href="repodata/f.xml.zst"/></data>
<data type="primary"><checksum type="sha256">ab</checksum><location href="repodata/1f-primary.xml.zst"/></data></repomd>`;
const apkIndex = 'C:Q1ab=\nP:virtiofsd\nV:1.13.3-r0\nA:x86_64\n\nC:Q1cd=\nP:other\nV:1-r0\n\n';
const desc =
  '%FILENAME%\nvirtiofsd-1.13.3-1-x86_64.pkg.tar.zst\n\n%NAME%\nvirtiofsd\n\n%VERSION%\n1.13.3-1\n\n';
const plist = `<plist version="1.0"><dict><key>virtiofsd</key><dict><key>architecture</key><string>x86_64</string>
<key>pkgver</key><string>virtiofsd-1.11.0_1</string></dict></dict></plist>`;

const tarOf = async (name: string, text: string) => {
  const pack = tar.pack();
  pack.entry({ name: '.SIGN.RSA' }, 'signature');
  pack.entry({ name }, text);
  pack.finalize();
  return buffer(pack);
};

let base: string;
const files = new Map<string, Buffer>();
const server = createServer((request, response): void => {
  const file = files.get(request.url ?? '');
  response.writeHead(file ? 200 : 404).end(file);
});

beforeAll(async () => {
  files.set('/debian/dists/trixie/main/binary-amd64/Packages.gz', gzipSync(packages));
  files.set('/fedora/x86_64/os/repodata/repomd.xml', Buffer.from(repomd));
  files.set('/fedora/x86_64/os/repodata/1f-primary.xml.zst', zstdCompressSync(primary));
  files.set('/alpine/main/x86_64/APKINDEX.tar.gz', gzipSync(await tarOf('APKINDEX', apkIndex)));
  files.set('/arch/extra/os/x86_64/extra.db', gzipSync(await tarOf('virtiofsd-1.13.3-1/desc', desc)));
  files.set('/void/current/x86_64-repodata', zstdCompressSync(await tarOf('index.plist', plist)));
  files.set(
    '/cut/dists/trixie/main/binary-amd64/Packages.gz',
    gzipSync(packages.repeat(100)).subarray(0, 60),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const ask = async (reader: IndexReader, repository: string) => {
  const get = getter(new AbortController().signal);
  const wanted = new Set(['virtiofsd', 'qemu-system-x86', 'qemu-kvm']);
  return Object.fromEntries(await reader({ repository, arch: 'amd64', wanted, get }));
};

describe('a package index', () => {
  it.each([
    [
      'apt',
      readApt,
      () => `deb ${base}/debian trixie main`,
      { 'qemu-system-x86': ['1:10.0.13+ds-0+deb13u1'], virtiofsd: ['1.13.2-1+deb13u1'] },
    ],
    [
      'dnf and zypper',
      readRpmMd,
      () => `${base}/fedora/{arch}/os/`,
      { virtiofsd: ['1.13.2-1.fc43'], 'qemu-kvm': ['2:10.1.0-4.fc43'] },
    ],
    ['apk', readApk, (): string => `${base}/alpine/main/{arch}`, { virtiofsd: ['1.13.3-r0'] }],
    ['pacman', readPacman, (): string => `${base}/arch/extra/os/{arch}`, { virtiofsd: ['1.13.3-1'] }],
    ['xbps', readXbps, (): string => `${base}/void/current`, { virtiofsd: ['1.11.0_1'] }],
  ] as const)('of %s is read as it is published', async (_, reader, repository, expected) => {
    expect(await ask(reader, repository())).toEqual(expected);
  });

  it.each([
    ['that is not there', readApk, (): string => `${base}/nowhere`, 'answered 404'],
    ['that nobody serves', readApk, (): string => 'http://127.0.0.1:9/x', 'ECONNREFUSED'],
    ['that is cut short', readApt, (): string => `deb ${base}/cut trixie main`, 'unexpected end of file'],
    ['whose line is none', readApt, (): string => `${base}/debian`, 'is no line of a sources.list'],
  ] as const)('%s is said so, and is no empty index', async (_, reader, repository, message) => {
    await expect(ask(reader, repository())).rejects.toThrow(message);
  });
});
