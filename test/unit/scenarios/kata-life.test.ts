import { describe, expect, test } from 'vitest';
import lifecycle from '../../../scenarios/kata/lifecycle.ts';
import net from '../../../scenarios/kata/net.ts';
import resources from '../../../scenarios/kata/resources.ts';
import type { InstalledStack } from '../../../src/domain/installed-kata.ts';
import { on, run } from '../../support/kata-machine.ts';

describe('kata.lifecycle', () => {
  const lived = [
    ...['started=RUNNING', 'exec.status=5', 'read=what was written', 'paused=PAUSED', 'resumed=RUNNING'],
    ...['answers=yes', 'after.term=RUNNING', 'kill.status=137', 'end.status=7'],
  ];
  const lives = (kata: readonly string[]) => ({
    'life runc': lived.join('\n'),
    'life kata': kata.join('\n'),
  });

  test('passes where a container of Kata lives as one without a VM', async () => {
    await expect(run(lifecycle, on('kata.lifecycle', lives(lived)))).resolves.toBeUndefined();
  });

  test('names all that went otherwise', async () => {
    const other = lived
      .map((line) => line.replace('end.status=7', 'end.status=0'))
      .filter((line) => !line.startsWith('read'));

    await expect(run(lifecycle, on('kata.lifecycle', lives(other)))).rejects.toThrow(
      'read is missing, and not what was written; end.status is 0, and not 7',
    );
  });

  test('passes, and says so, where a runtime refuses to pause', async () => {
    const refusing = [
      ...lived.filter((line) => !/^(paused|resumed|answers)=/.test(line)),
      'pause.refused=no such call',
    ];
    const machine = on('kata.lifecycle', lives(refusing));

    await run(lifecycle, machine);

    expect(machine.doings.facts.get('pause.refused')).toBe('no such call');
  });
});

describe('kata.net', () => {
  const seen =
    'address=198.51.100.2/24\nroute=198.51.100.1\nmac=0a:58:c6:33:64:02\nmtu=1380\ntransfers=both\n';

  test.for([
    ['mac=0a:58:c6:33:64:02', 'mac=52:54:00:12:34:56', 'mac is 52:54:00:12:34:56, and not 0a:58:c6:33:64:02'],
    ['mtu=1380', 'mtu=1500', 'mtu is 1500, and not 1380'],
  ] as const)('fails where for %s there is %s', async ([is, other, message]) => {
    const answers = { 'try_network runc': seen, 'try_network kata': seen.replace(is, other) };

    await expect(run(net, on('kata.net', answers))).rejects.toThrow(message);
  });

  test('blames no Kata for a network that runc has not got either', async () => {
    const machine = on('kata.net', { 'try_network runc': seen.replace('1380', '1500') });

    await expect(run(net, machine)).rejects.toThrow();

    expect(machine.doings.failed).toEqual(['control control: a network for a container without a VM']);
  });
});

describe('kata.resources', () => {
  const seen = (memoryKiB: number, processors = 2, memory = 1024 * 2 ** 20) =>
    `memory.max=${memory}\ncpu.max=100000 100000\nprocessors=${processors}\nmemory.total=${memoryKiB}\n`;
  const tried = (kata: string, change: Partial<InstalledStack> = {}) =>
    on('kata.resources', { 'run_to_end runc': seen(6e6, 8), 'run_to_end kata': kata }, { change });

  test('passes where the guest is as large as the container may be, and a little more', async () => {
    await expect(run(resources, tried(seen(1_000_000)))).resolves.toBeUndefined();
  });

  test.for([
    ['a guest for 1024 MiB has 1953 MiB', seen(2_000_000)],
    ['a guest for 1024 MiB has 195 MiB', seen(200_000)],
    ['a guest for one processor has 8', seen(1_000_000, 8)],
    ['memory.max in the container is 4096, and not 1073741824', seen(1_000_000, 2, 4096)],
  ] as const)('%s: fails', async ([message, kata]) => {
    await expect(run(resources, tried(kata))).rejects.toThrow(message);
  });

  test('lets the Go runtime add to a sandbox what the container may have', async () => {
    await expect(run(resources, tried(seen(3_000_000), { runtime: 'go' }))).resolves.toBeUndefined();
  });
});
