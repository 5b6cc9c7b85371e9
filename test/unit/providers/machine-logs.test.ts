import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mostLogged } from '../../../src/providers/qemu/console-log.ts';
import { MachineLogs } from '../../../src/providers/qemu/machine-logs.ts';
import { until } from '../../support/processes.ts';

let folder = '';
let console = '';
let qemu = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  console = join(folder, 'console.log');
  qemu = join(folder, 'qemu.log');
});
afterEach(() => rm(folder, { recursive: true }));

const logs = (end = () => {}) => new MachineLogs(console, qemu, end, 20);

describe("a machine's console, judged as it grows", () => {
  it('shows nothing before it is there', async () => {
    await using kept = logs();

    expect(await kept.judge(null)).toEqual({ fatal: [], farm: [] });
  });

  it('shows a panic that is written in parts, between looks, and remembers it', async () => {
    await using kept = logs();
    const panic = 'the kernel panicked: [ 3.1] Kernel panic - not syncing: Attempted to kill init!';

    await writeFile(console, 'Linux version 6.12\n[ 3.1] Kernel pan');
    const before = await kept.judge(null);
    await appendFile(console, 'ic - not syncing: Attempted to kill init!');
    const during = await kept.judge(null);
    await appendFile(console, '\n---[ end ]---\n');
    const after = await kept.judge(null);

    expect(before).toEqual({ fatal: [], farm: [], last: '[ 3.1] Kernel pan' });
    expect(during).toMatchObject({ fatal: [panic], panic });
    expect(after).toEqual({ fatal: [panic], farm: [], panic, last: '---[ end ]---' });
  });

  it('is read once where two look at the same time', async () => {
    await using kept = logs();
    await writeFile(console, 'login: ');

    const [first, second] = await Promise.all([kept.judge(null), kept.judge(null)]);

    expect(first).toEqual(second);
    expect(first.last).toBe('login:');
  });

  it('tells of a QEMU that was killed, and of a host without memory', async () => {
    await using kept = logs();
    await writeFile(console, 'in mid-li');

    expect((await kept.judge('SIGKILL')).farm).toEqual([
      'this host ran out of memory',
      'its QEMU was ended by SIGKILL',
    ]);
  });
});

describe('a log that floods', () => {
  it('ends its machine, and says so; what is too much is cut off in the end', async () => {
    let ends = 0;
    const kept = logs(() => {
      ends += 1;
    });
    await writeFile(console, 'all work\n'.repeat(Math.ceil((mostLogged + 2 ** 21) / 9)));

    await until('it is ended', () => ends > 0);
    const { farm, fatal, last } = await kept.judge('SIGKILL');
    await kept[Symbol.asyncDispose]();

    expect({ farm, fatal, last, ends }).toEqual({
      farm: ['its console.log came to more than 16 MiB, so it was ended'],
      fatal: [],
      last: 'a',
      ends: 1,
    });
    expect((await stat(console)).size).toBeLessThan(mostLogged + 100);
    expect((await readFile(console, 'utf8')).slice(mostLogged)).toBe(
      '\n[what came after the first 16 MiB is left out]\n',
    );
  });

  it('may be what QEMU itself says', async () => {
    let isEnded = false;
    await using kept = logs(() => {
      isEnded = true;
    });
    await writeFile(qemu, Buffer.alloc(mostLogged + 1));

    await until('it is ended', () => isEnded);

    expect((await kept.judge('SIGKILL')).farm).toEqual([
      'its qemu.log came to more than 16 MiB, so it was ended',
    ]);
  });

  it('of one line without an end is no more trouble than another', async () => {
    await using kept = logs();
    await writeFile(console, Buffer.alloc(mostLogged, 'x'));
    await appendFile(console, ' Kernel panic - not syncing');

    const { fatal, last } = await kept.judge(null);

    expect(fatal).toEqual([]);
    expect(last?.length).toBeLessThan(300);
  });
});
