import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { countingLines, toldBy } from '../../../src/run/counting-lines.ts';

const told = (name: string, ...lines: readonly string[]) => ({
  path: `cells/debian-13/qemu/kata.uname/2/${name}`,
  text: `${lines.join('\n')}\n`,
});
const texts = (...given: Parameters<typeof countingLines>) => countingLines(...given).map(({ text }) => text);

describe('a line counts', () => {
  it('with its file and its place in it', () => {
    const own = told('journal.txt', '', 'it broke');

    expect(countingLines([own], [])).toEqual([{ file: own.path, line: 2, text: 'it broke' }]);
  });

  it('only where no other cell says it too, whatever time, number or id stands in it', () => {
    const own = told(
      'journal.txt',
      '2026-11-22T08:00:01.123456+00:00 debian containerd[412]: starting 9f8e7d6c5b4a at port 80',
      '2026-11-22T08:00:02.000000+00:00 debian kernel: denied',
      '[   12.345678] a line of the kernel',
    );
    const control = told(
      'journal.txt',
      '2026-11-22T07:59:00.654321+00:00 debian containerd[77]: starting 0011aa22bb33 at port 443',
      '[    9.000001] a line of the kernel',
    );

    expect(texts([own], [control])).toEqual(['2026-11-22T08:00:02.000000+00:00 debian kernel: denied']);
  });

  it('only where a program said it: neither a command nor a word of the farm does', () => {
    const own = told(
      'transcript.txt',
      '[   0.0] debian-13/qemu/kata.uname, attempt 2: fails to start',
      '[   1.0] $ echo failed to start',
      '         > echo failed to go on',
      'failed to go',
    );

    expect(texts([own], [])).toEqual(['failed to go']);
  });

  it("only where it is not of the farm's own way into the machine", () => {
    const own = told(
      'journal.txt',
      '2026-11-22T08:15:32.065740+0000 debian sshd[475]: Accepted publickey for root',
      '2026-11-22T08:15:33.374255+0000 debian systemd-logind[282]: New session 2 of user root.',
      '2026-11-22T08:15:34.374255+0000 debian containerd[282]: failed to start',
    );

    expect(texts([own], [])).toEqual([
      '2026-11-22T08:15:34.374255+0000 debian containerd[282]: failed to start',
    ]);
  });

  it('only where a security module enforced', () => {
    const own = told(
      'kernel.txt',
      'audit: avc:  denied  { read } permissive=1',
      'audit: avc:  denied  { read } permissive=0',
      'audit: apparmor="ALLOWED" operation="open"',
      'audit: apparmor="DENIED" operation="open"',
    );

    expect(texts([own], [])).toEqual([
      'audit: avc: denied { read } permissive=0',
      'audit: apparmor="DENIED" operation="open"',
    ]);
  });

  it('among the last, where there are too many', () => {
    const lines = Array.from({ length: 1500 }, (_, index) => `line ${'ab'.repeat(index)}`);

    const counted = countingLines([told('journal.txt', ...lines)], []);

    expect(counted).toHaveLength(1000);
    expect(counted.at(-1)?.line).toBe(1500);
  });
});

describe('what a cell left', () => {
  const folders: string[] = [];
  afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

  const leaving = async (...files: readonly string[]) => {
    const folder = await mkdtemp(join(tmpdir(), 'counting-'));
    folders.push(folder);
    for (const file of files) {
      await mkdir(join(folder, file, '..'), { recursive: true });
      await writeFile(join(folder, file), 'text');
    }
    return (await toldBy(folder, files)).map(({ path }) => path);
  };

  it('is read of its last attempt alone, and of no experiment', async () => {
    expect(
      await leaving(
        'c/1/journal.txt',
        'c/2/journal.txt',
        'c/2/transcript.txt',
        'c/experiments/01-again/transcript.txt',
      ),
    ).toEqual(['c/2/transcript.txt', 'c/2/journal.txt']);
  });

  it('is its console only where the machine said nothing itself', async () => {
    expect(await leaving('c/1/console.log', 'c/1/kernel.txt')).toEqual(['c/1/kernel.txt']);
    expect(await leaving('c/1/console.log', 'c/1/qemu.log')).toEqual(['c/1/console.log']);
  });
});
