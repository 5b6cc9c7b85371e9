import { readFileSync } from 'node:fs';

/**
 * Where this process is, seen from its terminal: one in the background is stopped if it tries to change the terminal's
 * mode. `apart`: it has no such terminal.
 */
export function placeOf(): 'front' | 'background' | 'apart' {
  try {
    // The process group, and after the session and the terminal that terminal's foreground group: proc_pid_stat(5).
    const [, , group, , , front] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (group === front) {
      return 'front';
    }
    return front === '-1' ? 'apart' : 'background';
  } catch {
    return 'apart';
  }
}
