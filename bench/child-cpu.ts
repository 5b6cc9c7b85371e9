import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksASecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * CPU seconds, user's and kernel's, of every child of this process that has ended, their own children included
 * (proc(5): cutime, cstime). A difference of two readings is good to a tick, a hundredth of a second.
 */
export function childCpu(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The program's name stands in parentheses, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / ticksASecond;
}
