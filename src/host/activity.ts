import { readdir, readFile } from 'node:fs/promises';

/**
 * Bytes that a process and all its descendants have read and written so far (proc_pid_io(5)): it stands still where
 * they wait for what does not come. A process that ends takes its share with it, which is a change as well.
 */
export async function activityOf(root: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of (await readdir('/proc')).filter((one) => /^\d+$/.test(one))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The command's name, in parentheses, may hold anything, spaces and parentheses included.
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    parents.set(Number(name), Number(parent));
  }
  const belongs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || belongs(parents.get(pid)));

  let bytes = 0;
  for (const pid of [...parents.keys()].filter(belongs)) {
    const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
    for (const [, count] of io.matchAll(/^[rw]char: (\d+)$/gm)) {
      bytes += Number(count);
    }
  }
  return bytes;
}
