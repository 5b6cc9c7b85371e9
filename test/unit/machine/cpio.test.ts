import { describe, expect, it } from 'vitest';
import { type CpioEntry, cpio } from '../../../src/machine/cpio.ts';

const entries: readonly CpioEntry[] = [
  { path: 'bin', mode: 0o40755 },
  { path: 'dev/console', mode: 0o20600, device: [5, 1] },
  { path: 'bin/busybox', mode: 0o100755, data: Buffer.from([0, 1, 2, 255, 7]) },
  { path: 'init', mode: 0o100755, data: Buffer.from('#!/bin/busybox sh\n') },
  { path: 'etc/empty', mode: 0o100644, data: Buffer.alloc(0) },
];

/** Reads an archive as initramfs/cpio do: by the header's own sizes, each part at a multiple of four. */
function entriesOf(archive: Buffer): readonly CpioEntry[] {
  const found: CpioEntry[] = [];
  for (let at = 0; ; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number) =>
      Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const [mode, size, major, minor, nameSize] = [1, 6, 9, 10, 11].map(field) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const path = archive.toString('utf8', at + 110, at + 110 + nameSize - 1);
    const data = Math.ceil((at + 110 + nameSize) / 4) * 4;
    if (path === 'TRAILER!!!') {
      return found;
    }
    found.push({
      path,
      mode,
      data: archive.subarray(data, data + size),
      ...(major > 0 && { device: [major, minor] as const }),
    });
    at = Math.ceil((data + size) / 4) * 4;
  }
}

describe('an archive for an initramfs', () => {
  it('reads back as what went in', () => {
    expect(entriesOf(cpio(entries))).toEqual(entries.map((entry) => ({ data: Buffer.alloc(0), ...entry })));
  });

  it('has every length that padding can have', () => {
    const lengths = [0, 1, 2, 3, 4, 5].map((length) => ({
      path: 'x'.repeat(length + 1),
      mode: 0o100644,
      data: Buffer.alloc(length, 'd'),
    }));

    expect(entriesOf(cpio(lengths))).toEqual(lengths);
    expect(cpio(lengths).length % 4).toBe(0);
  });

  it('gives every file an inode of its own, or the kernel would take them for links', () => {
    const inodes = cpio(entries)
      .toString('latin1')
      .match(/070701[0-9a-f]{8}/g);

    expect(new Set(inodes).size).toBe(entries.length + 1);
  });
});
