import { execFile } from 'node:child_process';
import type { BuiltImage } from '../domain/image-source.ts';

/** It runs when apt is configured and nothing was fetched yet, and ends it all. */
const hook = `--setup-hook=cat "$1"/etc/apt/sources.list; exit 9`;

/**
 * The lines of a sources.list that mmdebstrap takes for a suite by itself, its updates and security among them: it knows
 * where they are. Rejects where there is no mmdebstrap, or it says nothing.
 */
export function defaultSources(
  { suite, components, sources }: BuiltImage,
  mirror: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const mode = process.getuid?.() === 0 ? 'root' : 'unshare';
  const more = [...(mirror === undefined ? [] : [mirror]), ...sources];
  const words = `--components=${components.join(',')}`;
  const argv = [
    `--mode=${mode}`,
    '--format=null',
    '--variant=custom',
    words,
    hook,
    suite,
    '/dev/null',
    ...more,
  ];

  return new Promise((resolve, reject) => {
    execFile('mmdebstrap', argv, { signal, timeout: 30_000 }, (error, stdout, stderr) => {
      // What hooks print goes where the tool finds fit, by its output's format.
      const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('deb '));
      if (lines.length > 0) {
        resolve(lines);
        return;
      }
      const reason =
        error && 'code' in error && error.code === 'ENOENT' ? 'there is no mmdebstrap' : 'it says nothing';
      reject(new Error(`cannot learn from mmdebstrap where ${suite} is: ${reason}`));
    });
  });
}
