import { once } from 'node:events';
import type { Ssh } from '../../host/ssh.ts';
import { limitedBy, untilAborted } from '../../machine/limit.ts';
import { beatMs, guarding } from './scripts.ts';

/** For a guard to begin, and for its last will. */
const guardSeconds = 90;

/** A farm's guard on a machine. Disposed of, it cleans up there and goes. */
export type Guard = AsyncDisposable;

/** Resolves when it is on guard: from then on no death of the farm's leaves anything on the machine. */
export async function guard(ssh: Ssh, token: string, name: string, interrupt: AbortSignal): Promise<Guard> {
  const signal = limitedBy(interrupt, guardSeconds, `a guard on ${name}`);
  const child = ssh.spawn(guarding(token), { input: true });
  const closed = once(child, 'close');
  closed.catch(() => {});
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-1000);
  });
  const ready = Promise.withResolvers<void>();
  child.stdout?.once('data', () => ready.resolve());
  closed.then(
    () => ready.reject(new Error(`cannot keep a guard on ${name}: ${said.trim() || 'it ended at once'}`)),
    ready.reject,
  );
  try {
    await untilAborted(ready.promise, signal);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const beat = setInterval(() => child.stdin?.write('\n'), beatMs);
  beat.unref();

  return {
    async [Symbol.asyncDispose]() {
      clearInterval(beat);
      child.stdin?.end();
      const late = setTimeout(() => child.kill('SIGKILL'), guardSeconds * 1000);
      await closed.catch(() => {});
      clearTimeout(late);
    },
  };
}
