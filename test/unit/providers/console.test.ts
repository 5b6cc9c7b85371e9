import { describe, expect, it } from 'vitest';
import { diedOfHostMemory, judgeConsole } from '../../../src/host/console.ts';

const healthy = `[    0.000000] Linux version 6.12.48+deb13-amd64 (debian-kernel@lists.debian.org)
[    1.204423] virtio_blk virtio0: [vda] 33554432 512-byte logical blocks (17.2 GB/16.0 GiB)
[    2.731000] EXT4-fs (vda): mounted filesystem 5c1c7dd4-9d35-4b6e-a8ba-0d8a2c8c5c0e r/w with ordered data mode. Quota mode: none.
[   12.300000] kvm: Nested Virtualization enabled
[   14.100000] BUG_ON is a macro, and so is panic
[  OK  ] Stopped target emergency.target - Emergency Mode.
[  OK  ] Reached target multi-user.target - Multi-User System.

Debian GNU/Linux 13 katafarm ttyS0
`;

describe('a console', () => {
  it('of a healthy machine says nothing', () => {
    expect(judgeConsole(healthy)).toEqual({ fatal: [], farm: [], slow: [] });
    expect(judgeConsole('')).toEqual({ fatal: [], farm: [], slow: [] });
  });

  it('that tells of a process killed for memory speaks of the farm, which sized the machine', () => {
    const line = '[   50.0] Out of memory: Killed process 812 (qemu-system-x86) total-vm:3145728kB';

    const { fatal, farm } = judgeConsole(`${healthy}${line}\r\n`);

    expect(fatal).toEqual([]);
    expect(farm).toEqual([`the machine ran out of memory: ${line}`]);
  });

  it.each([
    [
      '[    3.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100',
      'the kernel panicked',
    ],
    ['[    9.0] Oops: 0000 [#1] PREEMPT SMP NOPTI', 'the kernel oopsed'],
    ['[    9.0] BUG: unable to handle page fault for address: ffffc90000a3b000', 'the kernel oopsed'],
    ['[    9.0] BUG: kernel NULL pointer dereference, address: 0000000000000008', 'the kernel oopsed'],
    ['[    9.0] general protection fault, probably for non-canonical address 0xdead000', 'the kernel oopsed'],
    ['[    9.0] kernel BUG at mm/slub.c:448!', 'the kernel ran into a BUG'],
    ['[    2.0] VFS: Unable to mount root fs on unknown-block(0,0)', 'the root disk could not be mounted'],
    ['[    2.0] VFS: Cannot open root device "vda" or unknown-block(0,0): error -6', 'the root disk'],
    ['You are in emergency mode. After logging in, type "journalctl -xb" to view', 'an emergency shell'],
    ['Cannot open access to console, the root account is locked.', 'an emergency shell'],
    [
      '[   30.0] EXT4-fs error (device vda): ext4_lookup:1855: inode #131: comm ls: deleted inode',
      'the disk is damaged',
    ],
  ])('that says %j is fatal', (line, means) => {
    const { fatal, slow } = judgeConsole(`${healthy}${line}\r\n${healthy}`);

    expect(fatal).toHaveLength(1);
    expect(fatal[0]).toContain(means);
    expect(fatal[0]).toContain(line.slice(0, 200));
    expect(slow).toEqual([]);
  });

  it.each([
    '[  60.1] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [swapper/0:1]',
    '[  60.1] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
    '[  60.1] rcu: INFO: rcu_sched self-detected stall on CPU',
    '[ 242.8] INFO: task jbd2/vda-8:133 blocked for more than 120 seconds.',
  ])('that says %j is slow, and no more', (line) => {
    const { fatal, slow } = judgeConsole(`${healthy}${line}\n`);

    expect(fatal).toEqual([]);
    expect(slow).toHaveLength(1);
  });

  it('says each kind of trouble once, by its first line', () => {
    const panics = ['Kernel panic - not syncing: first', 'Kernel panic - not syncing: second'];

    expect(judgeConsole(panics.join('\n')).fatal).toEqual([
      'the kernel panicked: Kernel panic - not syncing: first',
    ]);
  });
});

describe('a console that ends', () => {
  it.each([
    ['in mid-line as QEMU is killed', `${healthy}[   20.1] half a li`, 'SIGKILL', true],
    ['with a whole line as QEMU is killed', healthy, 'SIGKILL', false],
    ['in mid-line as QEMU ends by itself', 'half a li', null, false],
    ['before it began', '', 'SIGKILL', false],
  ] as const)('%s', (_, text, signal, memory) => {
    expect(diedOfHostMemory(text, signal)).toBe(memory);
  });
});
