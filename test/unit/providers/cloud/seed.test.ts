import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fatImage } from '../../../../src/providers/qemu/cloud/fat.ts';
import { installChannel, seedImage, userData } from '../../../../src/providers/qemu/cloud/seed.ts';

/** The files of a FAT12 file system by their long names, read as its specification says, by its own boot sector. */
function filesOf(image: Buffer): Readonly<Record<string, string>> {
  const sector = image.readUInt16LE(11);
  const [perCluster, reserved, fats] = [image[13] ?? 0, image.readUInt16LE(14), image[16] ?? 0];
  const [entries, fatSectors] = [image.readUInt16LE(17), image.readUInt16LE(22)];
  const root = (reserved + fats * fatSectors) * sector;
  const data = root + entries * 32;
  const next = (cluster: number) => {
    const pair = image.readUInt16LE(reserved * sector + Math.floor(cluster * 1.5));
    return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  };

  const found: Record<string, string> = {};
  let long = '';
  for (let at = root; image[at] !== 0; at += 32) {
    if (image[at + 11] === 0x0f) {
      const letters = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].map((place) =>
        image.readUInt16LE(at + place),
      );
      long = String.fromCharCode(...letters.filter((letter) => letter !== 0 && letter !== 0xffff));
    } else if (image[at + 11] === 0x20) {
      const parts: Buffer[] = [];
      for (let cluster = image.readUInt16LE(at + 26); cluster < 0xff8; cluster = next(cluster)) {
        const start = data + (cluster - 2) * perCluster * sector;
        parts.push(image.subarray(start, start + perCluster * sector));
      }
      found[long] = Buffer.concat(parts)
        .subarray(0, image.readUInt32LE(at + 28))
        .toString();
    }
  }
  return found;
}

describe('a seed', () => {
  const seed = seedImage('katafarm-debian-13');

  it('is a file system with the label that cloud-init looks for', () => {
    expect(seed.subarray(43, 54).toString()).toBe('CIDATA     ');
    expect(seed.subarray(54, 62).toString()).toBe('FAT12   ');
    expect(seed.subarray(510, 512).toString('hex')).toBe('55aa');
  });

  it('holds what cloud-init is to do, and whose it is, under names in small letters', () => {
    expect(filesOf(seed)).toEqual({
      'user-data': userData,
      'meta-data': 'instance-id: "katafarm-debian-13"\nlocal-hostname: katafarm\n',
    });
  });

  it('holds files of more than one cluster whole', () => {
    const data = Buffer.from('0123456789'.repeat(2_000));

    expect(
      filesOf(
        fatImage('CIDATA', [
          { name: 'a', data },
          { name: 'user-data', data },
        ]),
      ),
    ).toEqual({
      a: data.toString(),
      'user-data': data.toString(),
    });
  });

  it('refuses what does not fit', () => {
    expect(() => fatImage('CIDATA', [{ name: 'user-data', data: Buffer.alloc(2 ** 21) }])).toThrow(
      RangeError,
    );
  });
});

describe('what cloud-init is told', () => {
  it('is YAML that lets root in, and asks no mirror for anything', () => {
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(parse(userData)).toMatchObject({
      bootcmd: [['sh', '-c', installChannel]],
      disable_root: false,
      package_update: false,
      package_upgrade: false,
    });
  });

  it.each(['sh', 'busybox'])('is a script that %s can read', (shell) => {
    const argv = shell === 'busybox' ? ['sh', '-n'] : ['-n'];
    const { status, stderr, error } = spawnSync(shell, argv, { input: installChannel, encoding: 'utf8' });

    // A host need not have a busybox.
    expect(error ? 0 : status, stderr).toBe(0);
  });
});
