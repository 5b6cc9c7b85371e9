import type { Judgement } from '../../machine/machine.ts';

interface ConsolePattern {
  readonly pattern: RegExp;
  readonly means: string;
  /** The farm sized the machine. */
  readonly farm?: true;
  /** Seen on healthy machines too when the host is busy or emulates: worth a note, not a verdict. */
  readonly slow?: true;
}

/**
 * What no healthy machine's console says, in the words of the kernel (kernel/panic.c, arch/x86/mm/fault.c,
 * kernel/watchdog.c, init/do_mounts.c, fs/ext4/super.c) and of systemd's emergency.service.
 */
const patterns: readonly ConsolePattern[] = [
  { pattern: /Kernel panic - not syncing/, means: 'the kernel panicked' },
  {
    pattern: /\bOops: |BUG: (unable to handle|kernel NULL pointer)|general protection fault/,
    means: 'the kernel oopsed',
  },
  { pattern: /kernel BUG at /, means: 'the kernel ran into a BUG' },
  { pattern: /VFS: (Cannot open|Unable to mount) root/, means: 'the root disk could not be mounted' },
  {
    pattern: /You are in emergency mode|the root account is locked/,
    means: 'it fell into an emergency shell',
  },
  { pattern: /EXT4-fs error/, means: 'the disk is damaged' },
  { pattern: /Out of memory: Killed process/, means: 'the machine ran out of memory', farm: true },
  { pattern: /watchdog: BUG: soft lockup/, means: 'a processor was stuck in the kernel', slow: true },
  { pattern: /rcu: INFO: rcu_\w+ .*stall/, means: 'a processor stalled', slow: true },
  { pattern: /INFO: task .+ blocked for more than/, means: 'a process hung in the kernel', slow: true },
];

/** One sentence for each kind of trouble that a console shows, with the first line that shows it. */
export function judgeConsole(text: string): Judgement & { readonly slow: readonly string[] } {
  const lines = text.split(/\r?\n/);
  const found = patterns.flatMap(({ pattern, means, slow = false, farm = false }) => {
    const line = lines.find((candidate) => pattern.test(candidate));
    return line === undefined ? [] : [{ slow, farm, says: `${means}: ${line.trim().slice(0, 200)}` }];
  });
  const says = (which: (one: (typeof found)[number]) => boolean) =>
    found.filter(which).map((one) => one.says);
  return {
    fatal: says(({ slow, farm }) => !slow && !farm),
    farm: says(({ farm }) => farm),
    slow: says(({ slow }) => slow),
  };
}

/** A console that ends in mid-line while QEMU died of SIGKILL: the host ran out of memory. */
export function diedOfHostMemory(text: string, signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGKILL' && text.length > 0 && !text.endsWith('\n');
}
