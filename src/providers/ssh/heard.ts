import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Ssh } from '../../host/ssh.ts';

/** As much of a script's output as is kept. */
const mostHeard = 2 ** 20;

export interface Heard {
  /** 255: the way there is lost. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a script of the farm's own on a machine, to its end or the signal's. */
export async function hear(ssh: Ssh, script: string, signal: AbortSignal): Promise<Heard> {
  signal.throwIfAborted();
  const child = ssh.spawn(script, { signal });
  const heard = { out: kept(child, 'stdout'), err: kept(child, 'stderr') };
  const [status] = (await once(child, 'close')) as [number | null];
  signal.throwIfAborted();
  return { status, out: heard.out(), err: heard.err() };
}

function kept(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]?.on('data', (chunk: Buffer) => {
    text = (text + chunk).slice(-mostHeard);
  });
  return () => text;
}

/** Its lines, but for empty ones. Pure. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
