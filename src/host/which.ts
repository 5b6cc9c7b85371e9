import { runBound } from './bound-child.ts';

/** Where a program stands, by PATH; undefined if nowhere. */
export async function which(program: string, signal: AbortSignal): Promise<string | undefined> {
  const { output } = await runBound(['sh', '-c', 'command -v "$1"', 'sh', program], { signal });
  return output.trim() || undefined;
}
