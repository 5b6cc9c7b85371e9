import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ssh } from '../../src/host/ssh.ts';
import { limitedBy } from '../../src/machine/limit.ts';
import { loopbackWay } from '../../src/providers/qemu/ssh-options.ts';

const never = new AbortController().signal;
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ssh-'));
  await writeFile(join(folder, 'known_hosts'), '');
});
afterEach(() => rm(folder, { recursive: true }));

/** A port of this host's that does so with whoever connects. */
async function serve(greet: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) {
        socket.destroy();
      }
      server.close();
    },
  };
}

function ssh(port: number): Ssh {
  return new Ssh(
    loopbackWay({ key: join(folder, 'key'), knownHosts: join(folder, 'known_hosts') }, port, folder),
  );
}

describe('a login at its limit', () => {
  it.each([
    ['accepts and says nothing', () => {}, /its port accepts, and nothing is said there$/],
    ['hangs up', (socket: Socket) => socket.end(), /; its port accepts, and hangs up$/],
    [
      'speaks, and goes no further',
      (socket: Socket) => socket.write('SSH-2.0-OpenSSH_10.0p2 \u001b[31mDebian-7\r\n'),
      /its port says "SSH-2.0-OpenSSH_10.0p2 Debian-7"$/,
    ],
  ])('says of a port that %s', async (_, greet, message) => {
    await using server = await serve(greet);
    await using session = ssh(server.port);
    const started = performance.now();

    const login = session.connect(limitedBy(never, 1, 'SSH of debian-13-host-host.cpu-1'));

    await expect(login).rejects.toMatchObject({
      name: 'LimitReached',
      message: expect.stringMatching(
        /^cannot wait any longer than 1 s for SSH of debian-13-host-host\.cpu-1; seen last: /,
      ),
    });
    await expect(login).rejects.toThrow(message);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('says of a port that is dead', async () => {
    const server = await serve(() => {});
    await server[Symbol.asyncDispose]();
    await using session = ssh(server.port);

    const login = session.connect(limitedBy(never, 1, 'SSH of a machine'));

    await expect(login).rejects.toThrow(/Connection refused; its port is dead \(ECONNREFUSED\)$/);
  });

  it("gives way to the run's end, with its reason", async () => {
    await using server = await serve(() => {});
    await using session = ssh(server.port);
    const stop = new AbortController();

    const login = session.connect(stop.signal);
    setTimeout(() => stop.abort('SIGINT'), 200);

    await expect(login).rejects.toBe('SIGINT');
  });
});
