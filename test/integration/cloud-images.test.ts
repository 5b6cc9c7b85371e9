import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleartextMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CloudImage } from '../../src/domain/image-source.ts';
import { image } from '../../src/providers/qemu/cloud/disks.ts';
import { type CloudFarm, cloudFarm, published, qcow2 } from '../support/cloud-farm.ts';
import {
  drip,
  hangUpAfter,
  type PublisherServer,
  publisherServer,
  standStillAfter,
} from '../support/publisher-server.ts';

const never = new AbortController().signal;
const name = 'debian-13-genericcloud-amd64.qcow2';
let folder = '';
let server: PublisherServer;
let farm: CloudFarm;
let disk: Buffer;

const sha = (bytes: Buffer, algorithm = 'sha512') => createHash(algorithm).update(bytes).digest('hex');
/** The release, as its file tells of it. */
const trixie = (more: Partial<CloudImage> = {}) =>
  published({ url: `${server.url}/${name}`, checksums: `${server.url}/SHA512SUMS`, ...more });
const checksums = (text: string) => server.files.set('/SHA512SUMS', Buffer.from(text));
const refusalOf = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => new Error('nothing was refused'),
    (reason: Error) => reason,
  );
  return { message: error.message, exitCode: (error as { exitCode?: number }).exitCode };
};
const images = async () =>
  (await readdir(join(folder, 'cache/images'))).filter((entry) => /^[0-9a-f]{64}$/.test(entry));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloud-'));
  server = await publisherServer();
  farm = cloudFarm(folder);
  disk = await qcow2(join(folder, 'disk'), 256);
  server.files.set(`/${name}`, disk);
  checksums(`${'0'.repeat(128)}  other.qcow2\n${sha(disk)}  ${name}\n`);
});
afterEach(async () => {
  await farm[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('a cloud image', () => {
  it('is fetched once, known by its checksum, and what it was made from is written down', async () => {
    const image = await farm.have(trixie());
    const again = await farm.have(trixie());

    expect(again).toEqual(image);
    expect(image).toMatchObject({
      firmware: 'bios',
      packages: { runc: '1.1.15' },
      deviations: ['first booted by a test'],
      origin: {
        'image.url': `${server.url}/${name}`,
        'image.published': `sha512:${sha(disk)}`,
        'image.trust': 'checksum',
      },
    });
    expect(server.asked.filter((path) => path.startsWith(`/${name}`))).toEqual([`/${name}`]);
    expect(await readdir(farm.downloads)).toEqual([]);
  });

  it('is taken from the cache offline, and says so', async () => {
    const { digest } = await farm.have(trixie());
    server.files.clear();

    const image = await farm.have(trixie(), { freshness: 'offline' });

    expect(image.digest).toBe(digest);
    expect(image.deviations.at(-1)).toMatch(/^taken as it was on .*--offline/);
  });

  it('is fetched anew once another is published, by its exact build', async () => {
    const latest = { index: `${server.url}/`, pattern: '"(20\\d+)/"' };
    const release = trixie({
      ...{ latest, url: `${server.url}/{build}/${name}`, checksums: `${server.url}/{build}/SHA512SUMS` },
    });
    const publish = (build: string, bytes: Buffer) => {
      server.files.set(`/${build}/${name}`, bytes);
      server.files.set(`/${build}/SHA512SUMS`, Buffer.from(`${sha(bytes)}  ${name}\n`));
    };
    server.files.set('/', Buffer.from('<a href="20261101/">'));
    publish('20261101', disk);
    const first = await farm.have(release);
    server.files.set('/', Buffer.from('<a href="20261101/"> <a href="20261120/">'));
    publish('20261120', await qcow2(join(folder, 'newer'), 300));

    const second = await farm.have(release);

    expect(first.origin?.['image.build']).toBe('20261101');
    expect(second.origin?.['image.build']).toBe('20261120');
    expect(second.digest).not.toBe(first.digest);
    expect(farm.told).toContain(
      'debian-13: a newer image is published than that of 2026-11-22T12:00Z: 20261120',
    );
  });

  it('is had from a mirror, and that is written down', async () => {
    await using mirror = await publisherServer();
    mirror.files.set(`/debian/${name}`, disk);
    mirror.files.set('/debian/SHA512SUMS', Buffer.from(`${sha(disk)}  ${name}\n`));
    server.files.clear();

    const image = await farm.have(trixie(), { mirrors: { [`${server.url}/`]: `${mirror.url}/debian/` } });

    expect(image.origin).toMatchObject({
      'image.url': `${server.url}/${name}`,
      'image.mirror': `${mirror.url}/debian/${name}`,
    });
    expect(image.deviations).toContain(`the image was had from a mirror: ${mirror.url}/debian/${name}`);
    expect(server.asked).toEqual([]);
  });

  it('is followed to where redirects lead', async () => {
    await using storage = await publisherServer();
    storage.files.set('/blob', disk);
    server.files.set(`/${name}`, new URL(`${storage.url}/blob`));

    await farm.have(trixie());

    expect(storage.asked).toEqual(['/blob']);
  });
});

describe('a cloud image over a bad connection', () => {
  const half = 100_000;

  it.each([
    ['by a tag', true],
    ['by a date', false],
  ])('is gone on with %s where it was broken off, as often as there is headway', async (_, tags) => {
    server.manners.tags = tags;
    const path = `/${name}`;
    server.faults.push(...[1, 2, 3, 4, 5].map(() => hangUpAfter(path, 40_000)));

    await farm.have(trixie());

    const ranges = server.asked.filter((asked) => asked.startsWith(`${path} bytes=`));
    expect(ranges).toHaveLength(5);
    expect(ranges.at(-1)).toMatch(/ bytes=[1-9]\d{4,}-$/);
  });

  it('is had from a server that hangs up as soon as it has sent all', async () => {
    const bytes = await qcow2(join(folder, 'large'), 24 * 1024);
    server.files.set(`/${name}`, bytes);
    checksums(`${sha(bytes)}  ${name}\n`);
    server.faults.push({
      path: `/${name}`,
      answer: (response, file) => response.setHeader('connection', 'close').end(file),
    });

    expect((await farm.have(trixie())).origin?.['image.published']).toBe(`sha512:${sha(bytes)}`);
  });

  it('is gone on with by a later run', async () => {
    server.faults.push(...[1, 2, 3, 4].map(() => standStillAfter(`/${name}`, half)));
    server.faults.push(...[1, 2, 3, 4].map(() => standStillAfter(`/${name}`, 0)));
    const { message, exitCode } = await refusalOf(farm.have(trixie()));
    server.faults.length = 0;

    await farm.have(trixie());

    expect(exitCode).toBe(3);
    expect(message).toMatch(/cannot have .*has sent nothing for 0.5 s.*--image RELEASE=FILE/);
    expect(server.asked.at(-1)).toMatch(/ bytes=[1-9]\d+-$/);
  });

  it('begins anew where its server knows no ranges', async () => {
    server.manners.ranges = false;
    server.faults.push(hangUpAfter(`/${name}`, half));

    expect((await farm.have(trixie())).origin?.['image.published']).toBe(`sha512:${sha(disk)}`);
  });

  it('is given up where it comes so slowly that it never ends', async () => {
    server.faults.push(...Array.from({ length: 8 }, () => drip(`/${name}`)));

    const { message, exitCode } = await refusalOf(farm.have(trixie()));

    expect(exitCode).toBe(3);
    expect(message).toMatch(/has sent \d+ bytes in 1 s/);
  });

  it('is thrown away where another one was put in its place half-way', async () => {
    const other = await qcow2(join(folder, 'other'), 300);
    server.faults.push({
      path: `/${name}`,
      answer: (response, file) => {
        server.files.set(`/${name}`, other);
        response.write(file.subarray(0, half), () => setTimeout(() => response.destroy(), 20));
      },
    });

    const { message } = await refusalOf(farm.have(trixie()));

    expect(message).toMatch(new RegExp(`its sha512 is ${sha(other)}, and should be ${sha(disk)}`));
  });
});

describe('a cloud image that is not what it should be', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'whose checksum is another',
      () => checksums(`${'ab'.repeat(64)}  ${name}\n`),
      /cannot use debian-13-genericcloud-amd64\.qcow2 as it came: its sha512 is .* it was thrown away/,
    ],
    [
      'of which the checksum file says nothing',
      () => checksums(`${sha(disk)}  other.qcow2\n`),
      /SHA512SUMS has other\.qcow2 and the like, and not one sha256 or sha512 of it/,
    ],
    [
      'whose checksum file is gone',
      () => server.files.delete('/SHA512SUMS'),
      /cannot find .*SHA512SUMS: it is not there/,
    ],
    [
      'that is gone itself',
      () => server.files.delete(`/${name}`),
      /its checksum file knows it, and it is not there/,
    ],
    [
      'that was cut short',
      () => server.files.set(`/${name}`, disk.subarray(0, 1_000)),
      /its sha512 is .*, and should be/,
    ],
  ])('%s is refused, and nothing of it stays', async (_, deed, words) => {
    deed();

    const { message, exitCode } = await refusalOf(farm.have(trixie()));

    expect(message).toMatch(words);
    expect(exitCode).toBe(3);
    expect(await images()).toEqual([]);
  });

  it('is fetched anew after it was refused', async () => {
    server.files.set(`/${name}`, Buffer.from('an error page'));
    await refusalOf(farm.have(trixie()));
    server.files.set(`/${name}`, disk);

    expect((await farm.have(trixie())).origin?.['image.trust']).toBe('checksum');
  });

  it('is refused where it rests on a file of this host', async () => {
    const [secret, path] = [join(folder, 'secret'), join(folder, 'backed')];
    await writeFile(secret, Buffer.alloc(2 ** 20, 'secret'));
    execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', secret, path]);
    const bytes = await readFile(path);
    server.files.set(`/${name}`, bytes);
    checksums(`${sha(bytes)}  ${name}\n`);

    expect((await refusalOf(farm.have(trixie()))).message).toMatch(/it rests on another file/);
  });

  it.each([
    ['packed', Buffer.from('fd377a585a000004', 'hex'), /it is packed by xz; unpack it/],
    ['no disk', Buffer.alloc(4096, 'x'), /neither a qcow2 file nor a disk with a boot sector/],
  ])('is refused where it is %s', async (_, bytes, words) => {
    server.files.set(`/${name}`, bytes);
    checksums(`${sha(bytes)}  ${name}\n`);

    expect((await refusalOf(farm.have(trixie()))).message).toMatch(words);
  });

  it('is of the latest version, wherever its page lists that', async () => {
    server.files.set('/', Buffer.from('"3.23.0/" "3.23.10/" "3.23.2/"'));
    server.files.set(`/3.23.10/${name}`, disk);
    server.files.set('/3.23.10/SHA512SUMS', Buffer.from(`${sha(disk)}  ${name}\n`));
    const latest = { index: `${server.url}/`, pattern: '"(3\\.23\\.\\d+)/"' };
    const places = { url: `${server.url}/{build}/${name}`, checksums: `${server.url}/{build}/SHA512SUMS` };

    const { origin } = await farm.have(trixie({ latest, ...places }));

    expect(origin?.['image.build']).toBe('3.23.10');
  });

  it('is refused where latest finds nothing', async () => {
    server.files.set('/', Buffer.from('<html>moved</html>'));
    const latest = { index: `${server.url}/`, pattern: '"(20\\d+)/"' };

    const { message } = await refusalOf(farm.have(trixie({ latest, url: `${server.url}/{build}/${name}` })));

    expect(message).toMatch(/cannot find the newest image of debian-13: .* names none that .* fits/);
  });
});

describe('signed checksums', () => {
  const keyOf = async (signer: string) => {
    const { privateKey, publicKey } = await generateKey({
      userIDs: [{ name: signer }],
      date: new Date('2026-01-01'),
    });
    const key = await readPrivateKey({ armoredKey: privateKey });
    return { key, publicKey, by: key.getFingerprint().toUpperCase() };
  };
  const signedBy = async (key: Awaited<ReturnType<typeof readPrivateKey>>) => {
    const message = await createCleartextMessage({ text: `SHA256 (${name}) = ${sha(disk, 'sha256')}\n` });
    checksums(await sign({ message, signingKeys: key, date: new Date('2026-11-01') }));
  };

  it('are believed by the key that the release names', async () => {
    const { key, publicKey, by } = await keyOf('publisher');
    await signedBy(key);
    server.files.set('/key', Buffer.from(publicKey));

    const image = await farm.have(trixie({ signed: { by, key: `${server.url}/key` } }));

    expect(image.origin).toMatchObject({
      'image.trust': `signed by ${by}`,
      'image.published': `sha256:${sha(disk, 'sha256')}`,
    });
  });

  it('are refused by another key, before the image is asked for', async () => {
    const [{ publicKey, by }, stranger] = [await keyOf('publisher'), await keyOf('stranger')];
    await signedBy(stranger.key);
    server.files.set('/key', Buffer.from(publicKey));

    const { message, exitCode } = await refusalOf(
      farm.have(trixie({ signed: { by, key: `${server.url}/key` } })),
    );

    expect(message).toContain(`${by} has not signed it`);
    expect(exitCode).toBe(3);
    expect(server.asked).not.toContain(`/${name}`);
  });
});

describe('an image that is brought', () => {
  it('is taken in place of the published one, and its digest written down', async () => {
    const path = join(folder, 'own.qcow2');
    await writeFile(path, disk);

    const image = await farm.have(trixie(), { brought: { 'debian-13': path } });

    expect(image.origin).toEqual({
      ...{ 'image.url': `file://${path}`, 'image.published': `sha256:${sha(disk, 'sha256')}` },
      'image.trust': 'user',
    });
    expect(image.deviations[0]).toMatch(/was brought by its user: .*nobody vouches for it/);
    expect(server.asked).toEqual([]);
    expect(await readFile(path)).toEqual(disk);
  });

  it('is another image once its file is another', async () => {
    const path = join(folder, 'own.qcow2');
    await writeFile(path, disk);
    const first = await farm.have(trixie(), { brought: { 'debian-13': path } });
    await writeFile(path, await qcow2(join(folder, 'newer'), 300));

    expect((await farm.have(trixie(), { brought: { 'debian-13': path } })).digest).not.toBe(first.digest);
  });

  it("may be a file that the release's file names", async () => {
    const path = join(folder, 'own.qcow2');
    await writeFile(path, disk);

    expect((await farm.have(published({ url: `file://${path}` }))).origin?.['image.trust']).toBe('release');
  });

  it.each([
    ['is not there', 'nowhere.qcow2', /cannot read debian-13's image .*nowhere\.qcow2: ENOENT/],
    ['is a folder', '.', /cannot read debian-13's image/],
  ])('is refused where it %s', async (_, file, words) => {
    const asked = farm.have(trixie(), { brought: { 'debian-13': join(folder, file) } });

    expect((await refusalOf(asked)).message).toMatch(words);
  });

  it('is asked for in the words of the release', async () => {
    const release = published({ bring: 'download the KVM guest image from the customer portal' });

    expect((await refusalOf(farm.have(release))).message).toBe(
      'cannot have an image of debian-13: its image has to be brought: download the KVM guest image from the customer portal; then say --image debian-13=FILE',
    );
  });
});

describe('a disk of this host that is full', () => {
  it('is said while an image is fetched, and is not the fault of the image', async () => {
    const place = join(farm.downloads, sha(disk).slice(0, 32));
    await mkdir(place, { recursive: true });
    await symlink('/dev/full', join(place, 'image.part'));

    const { message, exitCode } = await refusalOf(farm.have(trixie()));

    expect(message).toMatch(/cannot keep a download: ENOSPC.*; make room, or put the cache elsewhere/);
    expect(exitCode).toBe(3);
    expect(await images()).toEqual([]);
  });

  it('is said while a disk is made', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    const asRoot = process.getuid?.() === 0 ? '' : '--user --map-root-user';
    // The same program, in a place where a disk of this host is a small one.
    await writeFile(
      join(bin, 'qemu-img'),
      `#!/bin/sh
PATH=\${PATH#*:}
exec unshare ${asRoot} --mount sh -c 'mount -t tmpfs -o size=64k none "$0"; exec qemu-img "$@"' '${bin}' "$@"\n`,
      { mode: 0o755 },
    );
    const path = process.env['PATH'];
    process.env['PATH'] = `${bin}:${path}`;
    try {
      const made = image(
        ['convert', '-f', 'qcow2', '-O', 'raw', join(folder, 'disk'), join(bin, 'raw')],
        never,
      );

      expect(await refusalOf(made)).toMatchObject({
        exitCode: 3,
        message: expect.stringMatching(/^cannot make a disk: .*No space left on device; make room/),
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('an image that could not be made', () => {
  it('leaves its download for the next try, which asks for no byte of it again', async () => {
    const failing = async () => {
      throw new Error('cannot boot it');
    };
    await refusalOf(farm.have(trixie(), { furnish: failing }));
    const asked = server.asked.filter((path) => path.startsWith(`/${name}`)).length;

    await farm.have(trixie());

    expect(server.asked.filter((path) => path.startsWith(`/${name}`))).toHaveLength(asked);
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });

  it('sweeps up downloads that nobody went on with for a week', async () => {
    const old = join(farm.downloads, 'a'.repeat(32));
    await mkdir(old, { recursive: true });
    await writeFile(join(old, 'image.part'), 'half');
    execFileSync('touch', ['-d', '2026-11-14', join(old, 'image.part'), old]);

    await farm.have(trixie());

    expect(await readdir(farm.downloads)).toEqual([]);
  });
});
