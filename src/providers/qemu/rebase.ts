import { runBound } from '../../host/bound-child.ts';

/**
 * Puts a disk straight onto another that is below it, with what it had of those in between copied: they may go before it
 * does.
 */
export async function rebase(disk: string, base: string, signal: AbortSignal): Promise<void> {
  const argv = ['qemu-img', 'rebase', '-q', '-t', 'unsafe', '-F', 'raw', '-b', base, disk];
  const { code, output } = await runBound(argv, { signal });
  if (code !== 0) {
    throw new Error(`cannot make a disk one of its own: ${output.trim()}`);
  }
}
