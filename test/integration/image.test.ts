import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { haveImage } from '../../src/providers/qemu/image.ts';
import { type FakeTools, fakeTools } from '../support/fake-tools.ts';
import { type ImageFarms, imageFarms, trixie } from '../support/image-farms.ts';
import { until } from '../support/processes.ts';

const never = new AbortController().signal;
const path = process.env['PATH'];
let folder = '';
let tools: FakeTools;
let farms: ImageFarms;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
  tools = await fakeTools(join(folder, 'bin'));
  process.env['PATH'] = `${tools.folder}:${path}`;
  farms = imageFarms(folder, tools);
});

afterEach(async () => {
  process.env['PATH'] = path;
  await farms[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** One farm's way to the image. */
const have = async (farm = 'one', signal = never, tell: (line: string) => void = () => {}) =>
  haveImage(await farms.storeOf(farm), trixie, tell, signal);

/** What stands in the cache or in a scratch folder; a lock's empty file is nothing. */
async function left(): Promise<readonly string[]> {
  const images = await readdir(join(folder, 'cache/images'));
  const work = await readdir(join(folder, 'work'), { recursive: true });
  return [...images.filter((name) => !name.endsWith('.lock')), ...work.filter((name) => name !== 'one')];
}

describe('an image', () => {
  it('is built once, and then had from the cache', async () => {
    const told: string[] = [];
    const built = await have('one', never, (line) => told.push(line));
    const again = await have('two');

    expect(again).toEqual(built);
    expect(await tools.calls()).toHaveLength(1);
    expect((await readdir(built.folder)).toSorted()).toEqual([
      'busybox',
      'disk.raw',
      'image.json',
      'initrd',
      'packages',
      'used',
      'vmlinuz',
    ]);
    expect(built.packages).toEqual({ runc: '1.1.15', 'qemu-system-x86': '10.0.2' });
    expect(told).toContain('debian-13: running apt-get update...');
  });

  it('is built once by two who want it at the same time', async () => {
    await tools.inTheMiddle('sleep 0.5');

    const [one, two] = await Promise.all([have('one'), have('two')]);

    expect(two.digest).toBe(one.digest);
    expect(await tools.calls()).toHaveLength(1);
  });

  it('is built anew where its disk has gone from the cache', async () => {
    const built = await have();
    await rm(built.folder, { recursive: true });

    expect((await have()).digest).toBe(built.digest);
    expect(await tools.calls()).toHaveLength(2);
  });

  it('can be had by the one who waits where the other failed', async () => {
    await tools.inTheMiddle(`sleep 0.5; [ -e '${folder}/tried' ] || { touch '${folder}/tried'; exit 1; }`);

    const ends = await Promise.allSettled([have('one'), have('two')]);

    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe("an image's record of how it departs from its distro", () => {
  const compiled = expect.stringMatching(/^AppArmor's profiles were compiled/);
  /** The release has a parser, which gets the folder of the cache; the kernel says what its AppArmor can do. */
  const withParser = (parser: string) => `
mkdir -p "$root/sbin" "$root/tmp"
printf '#!/bin/sh\\n%s\\n' '${parser}' > "$root/sbin/apparmor_parser"
chmod +x "$root/sbin/apparmor_parser"
features=$(mkdir '${folder}/features'; echo begin-base64 644 features.tar; tar -c -C '${folder}' features | base64; echo ====)
printf '#!/bin/sh\\ncat <<END\\nfeatures-begin\\n%s\\nfeatures-end\\nEND\\n' "$features" > '${folder}/bin/qemu-system-x86_64'`;

  it("names AppArmor's profiles where they were compiled, from the cache as well", async () => {
    await tools.inTheMiddle(withParser('mkdir -p "$1/26b63962.0"; echo > "$1/26b63962.0/usr.bin.man"'));

    expect((await have('one')).deviations).toContainEqual(compiled);
    expect((await have('two')).deviations).toContainEqual(compiled);
  });

  it.each([
    ['the kernel says nothing', () => ''],
    ['the parser fails', () => withParser('exit 1')],
  ])('does not name them where %s', async (_, deed) => {
    await tools.inTheMiddle(deed());

    expect((await have()).deviations).not.toContainEqual(compiled);
  });
});

describe('a build that comes to nothing', () => {
  it('says why it failed, even where what it left cannot be removed', async () => {
    const told: string[] = [];
    await tools.inTheMiddle(
      `printf '#!/bin/sh\\nexit 1' > '${folder}/bin/rm'; chmod +x '${folder}/bin/rm'
       mv '${folder}/work/one' '${folder}/work/two'; echo > '${folder}/work/one'; exit 25`,
    );

    await expect(have('one', never, (line) => told.push(line))).rejects.toThrow(/\(exit status 25\)/);

    expect(told.join('\n')).toContain('cannot remove');
  });

  it('leaves nothing behind when it fails in the middle', async () => {
    await tools.inTheMiddle('echo "E: mmdebstrap failed to run" >&2; exit 25');

    await expect(have()).rejects.toThrow(/^cannot build debian-13's image \(exit status 25\): /);

    expect(await left()).toEqual([]);
  });

  it('leaves nothing behind when it is interrupted in the middle', { timeout: 20_000 }, async () => {
    await tools.inTheMiddle('sleep 60');
    const stop = new AbortController();
    let told = false;
    const building = have('one', stop.signal, (line) => {
      told ||= line.includes('apt-get update');
    });
    building.catch(() => {});
    await until('it is under way', () => told);

    stop.abort('SIGINT');

    await expect(building).rejects.toBe('SIGINT');
    expect(await left()).toEqual([]);
  });

  it('leaves nothing behind when the disk cannot be made', async () => {
    await tools.inTheMiddle(`printf '#!/bin/sh\\nexit 1' > '${folder}/bin/mke2fs'`);

    await expect(have()).rejects.toThrow(UserError);

    expect(await left()).toEqual([]);
  });
});

describe('what a tool says', () => {
  // Each line as apt, mmdebstrap or mke2fs print it.
  it.each([
    [
      'E: Failed to fetch http://127.0.0.1:9/debian/dists/trixie/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)',
      /the mirror cannot be reached; .*--mirror URL\n.*Connection refused/,
    ],
    [
      "E: Failed to fetch http://mirror.invalid/debian/dists/trixie/InRelease  Could not resolve 'mirror.invalid'",
      /the mirror cannot be reached; .*--mirror URL/,
    ],
    [
      'E: Release file for http://mirror.example.org/debian/dists/forky/InRelease is expired (invalid since 15d 14h 57min 14s). Updates for this repository will not be applied.',
      /the mirror is out of date; .*--allow-expired-mirror\n.*is expired/,
    ],
    [
      "E: The repository 'http://mirror.example.org/debian trixie Release' does not have a Release file.",
      /the mirror lacks what it should have; .*--mirror URL/,
    ],
    [
      'E: Failed to fetch http://mirror.example.org/debian/pool/main/r/runc/runc_1.1.15_amd64.deb  404  Not Found',
      /the mirror lacks what it should have/,
    ],
    [
      'tar: ./usr/lib/libLLVM.so.19.1: Cannot write: No space left on device',
      /the disk is full; .*KATAFARM_CACHE=DIR\n.*No space left/,
    ],
    [
      "E: You don't have enough free space in /var/cache/apt/archives/.",
      /the disk is full; .*KATAFARM_CACHE=DIR/,
    ],
    [
      'unshare: no line matching user "farmer" in /etc/subuid: Success',
      /an ordinary user needs newuidmap, a range in \/etc\/subuid/,
    ],
    ['E: Unable to locate package qemu-sytem-x86', /a tool failed; .*\nE: Unable to locate package/],
  ])('is told with what to do about it: %s', async (line, message) => {
    await tools.inTheMiddle(`cat >&2 <<'SAID'\n${line}\nSAID\nexit 25`);

    const failed = have();

    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ name: 'UserError', exitCode: 3 });
  });
});
