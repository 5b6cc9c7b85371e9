import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './farm.ts';

/** Whether a process of this pid runs; one that has ended, and that nobody has taken note of, does not. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

/** Waits until something holds; rejects if it does not within so many milliseconds. */
export async function until(what: string, holds: () => boolean, ms = 5_000): Promise<void> {
  for (const end = performance.now() + ms; !holds(); await sleep(10)) {
    if (performance.now() > end) {
      throw new Error(`not within ${ms} ms: ${what}`);
    }
  }
}

/** Another Node with a module of its own, in which `src` is the checkout's; resolves when it has printed a line. */
export async function nodeThatSays(
  code: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcessWithoutNullStreams; readonly line: string }> {
  const text = code.replaceAll("'src/", `'${root}/src/`);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    env: { ...process.env, ...env },
  });
  child.stderr.pipe(process.stderr);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, line };
}
