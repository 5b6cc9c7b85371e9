import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The far end of a Unix socket. Gone when disposed of. */
export interface SocketServer extends AsyncDisposable {
  readonly path: string;
  /** Ends every connection. */
  hangUp(): void;
}

/** Serves a Unix socket line by line, as QEMU's control socket and a machine's channel are. */
export async function serveLines(
  onLine: (line: string, socket: Socket) => void,
  greet: (socket: Socket) => void = () => {},
): Promise<SocketServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lines-'));
  const path = join(folder, 's');
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    greet(socket);
    createInterface({ input: socket })
      .on('line', (line) => onLine(line, socket))
      .on('error', () => {});
  });
  server.listen(path);
  await once(server, 'listening');

  const hangUp = () => {
    for (const socket of open) {
      socket.destroy();
    }
  };
  return {
    path,
    hangUp,
    async [Symbol.asyncDispose]() {
      hangUp();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
