import { oneLine } from '../domain/text.ts';
import type { Judgement } from '../machine/judgement.ts';

interface ConsolePattern {
  readonly pattern: RegExp;
  readonly means: string;
  /** Nothing answers any more after that. */
  readonly panics?: true;
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
  { pattern: /Kernel panic - not syncing/, means: 'the kernel panicked', panics: true },
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

/** As much of one line as is looked at: a flood without a line's end must not grow in memory. */
const longestLine = 4_096;

/** Reads a console as it comes; keeps no more of it than what was found, and its last line. */
export class ConsoleReader {
  readonly #found = new Map<ConsolePattern, string>();
  #pending = '';
  #last = '';

  read(text: string): void {
    const lines = (this.#pending + text).split('\n');
    this.#pending = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) {
      note(this.#found, line);
      this.#last = line.trim() === '' ? this.#last : line;
    }
  }

  /** What stands after the last line's end; empty: nothing. */
  get pending(): string {
    return this.#pending;
  }

  /** The last line that says anything; undefined: none does. */
  get last(): string | undefined {
    return oneLine(this.#pending) || oneLine(this.#last) || undefined;
  }

  /** One sentence for each kind of trouble so far, with the first line that shows it. */
  get findings(): Findings {
    const found = new Map(this.#found);
    note(found, this.#pending);
    const says = (which: (one: ConsolePattern) => boolean) =>
      patterns.flatMap((one) => (which(one) && found.has(one) ? [`${one.means}: ${found.get(one)}`] : []));
    const [panic] = says(({ panics }) => panics ?? false);
    return {
      fatal: says(({ slow, farm }) => !slow && !farm),
      farm: says(({ farm }) => farm ?? false),
      slow: says(({ slow }) => slow ?? false),
      ...(panic !== undefined && { panic }),
    };
  }
}

/** What a console shows; `slow` is worth a note, not a verdict. */
export type Findings = Judgement & { readonly slow: readonly string[] };

function note(found: Map<ConsolePattern, string>, text: string): void {
  const line = text.slice(0, longestLine);
  for (const one of patterns) {
    if (!found.has(one) && one.pattern.test(line)) {
      found.set(one, line.trim().slice(0, 200));
    }
  }
}

/** The same of a console that is all there. */
export function judgeConsole(text: string): Findings {
  const reader = new ConsoleReader();
  reader.read(text);
  return reader.findings;
}

/** A console that ends in mid-line while QEMU died of SIGKILL: the host ran out of memory. */
export function diedOfHostMemory(text: string, signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGKILL' && text.length > 0 && !text.endsWith('\n');
}
