import { ConsoleReader } from '../../host/console.ts';
import type { Judgement } from '../../machine/judgement.ts';

/** The kernel's log of a machine since it was up for so many seconds. */
export function logSince(uptime: number): string {
  return `dmesg 2>/dev/null | awk -v since=${uptime} '
  /^\\[ *[0-9]+\\.[0-9]+\\]/ { told = substr($0, 2) + 0 >= since }
  told' | tail -c 1000000`;
}

/** What it shows, as a console would. Pure. */
export function judgeLog(text: string): Judgement {
  const reader = new ConsoleReader();
  reader.read(text);
  const { slow: _, ...findings } = reader.findings;
  return { ...findings, ...(reader.last !== undefined && { last: reader.last }) };
}
