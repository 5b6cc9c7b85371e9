import { connect } from 'node:net';
import { oneLine } from '../domain/text.ts';

/** QEMU's network accepts for the machine, so a server that is there speaks at once, or not at all. */
const patienceMs = 2_000;

/** What an SSH server's port on this host's loopback does, in words: for whoever could not log in by it. */
export function portSays(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(patienceMs, () => resolve('its port accepts, and nothing is said there'));
  socket.on('data', (chunk: Buffer) => resolve(`its port says "${oneLine(chunk.toString(), 80)}"`));
  socket.on('end', () => resolve('its port accepts, and hangs up'));
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(`its port is dead (${error.code})`));
  return promise.finally(() => socket.destroy());
}
