import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransportError } from './faults.ts';
import type { Machine } from './machine.ts';
import { posixQuote } from './quote.ts';

/** As much as is kept of what the machine's end says. */
const mostSaid = 2_000;
/** An exit status by which `Machine.spawn` says that the machine is lost. */
const transportStatus = 255;

/** A way from this process to a socket in a machine, for one connection. */
export interface Tunnel extends AsyncDisposable {
  /** A socket of this host, for its owner alone. It leaves the disk with the first connection: no death of ours leaves it there. */
  readonly path: string;
  /** Why nothing passes any more: a TransportError where the machine is lost, else an Error with what it said. */
  readonly fault: Error | undefined;
}

/** Resolves before anything is connected; `socat` carries the bytes in the machine. */
export async function openTunnel(machine: Pick<Machine, 'name' | 'spawn'>, socket: string): Promise<Tunnel> {
  const folder = await mkdtemp(join(tmpdir(), 'katafarm-way-'));
  const removed = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'socket');
  const over = new AbortController();
  let fault: Error | undefined;

  const server = createServer((connection) => {
    // What is connected already goes on without the path.
    server.close();
    removed().catch(() => {});
    try {
      const options = { input: true, signal: over.signal };
      const child = machine.spawn(`exec socat - ${posixQuote(`UNIX-CONNECT:${socket}`)}`, options);
      carry(connection, child, (status, said) => {
        fault ??= over.signal.aborted ? undefined : faultOf(`${socket} of ${machine.name}`, status, said);
      });
    } catch (error) {
      fault = new TransportError(`cannot reach ${socket} of ${machine.name}`, { cause: error });
      connection.destroy();
    }
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(path, resolve);
  try {
    await promise;
  } catch (error) {
    await removed();
    throw error;
  }

  return {
    path,
    get fault() {
      return fault;
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      server.close();
      await removed();
    },
  };
}

/** Either end's close is the other's. The end is told before the connection feels it. */
function carry(
  connection: Socket,
  child: ChildProcess,
  ended: (status: number | null, said: string) => void,
) {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-mostSaid);
  });
  child.once('close', (status: number | null) => {
    ended(status, said.trim());
    connection.destroy();
  });
  connection.on('error', () => {});
  connection.once('close', () => child.stdin?.end());
  if (child.stdin && child.stdout) {
    connection.pipe(child.stdin);
    child.stdout.pipe(connection, { end: false });
  }
}

function faultOf(place: string, status: number | null, said: string): Error {
  const words = said ? `: ${said}` : '';
  return status === null || status === transportStatus
    ? new TransportError(`the way to ${place} was lost${words}`)
    : new Error(`the connection to ${place} was closed${words}`);
}
