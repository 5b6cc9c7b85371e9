import { describe, expect, it } from 'vitest';
import { forwardedPort, Qmp } from '../../../src/providers/qemu/qmp.ts';
import { type SocketServer, serveLines } from '../../support/socket-server.ts';

const greeting = { QMP: { version: { qemu: { major: 10, minor: 0, micro: 2 } }, capabilities: ['oob'] } };

/** A QEMU that answers by a table; what is not in it is never answered. Events come between. */
function fakeQemu(answers: Readonly<Record<string, object>>, asked: string[] = []): Promise<SocketServer> {
  return serveLines(
    (line, socket) => {
      const { execute, id } = JSON.parse(line) as { execute: string; id: number };
      asked.push(execute);
      const answer = execute === 'qmp_capabilities' ? { return: {} } : answers[execute];
      socket.write(`${JSON.stringify({ event: 'RESUME', timestamp: { seconds: 1, microseconds: 2 } })}\r\n`);
      if (answer) {
        socket.write(`${JSON.stringify({ ...answer, id })}\r\n`);
      }
    },
    (socket) => socket.write(`${JSON.stringify(greeting)}\r\n`),
  );
}

describe("QEMU's control socket", () => {
  it('is negotiated with before anything is asked of it', async () => {
    const asked: string[] = [];
    await using qemu = await fakeQemu({ 'query-status': { return: { status: 'running' } } }, asked);
    using qmp = await Qmp.connect(qemu.path);

    expect(await qmp.execute('query-status')).toEqual({ status: 'running' });
    expect(asked).toEqual(['qmp_capabilities', 'query-status']);
  });

  it("passes QEMU's own words on when it refuses", async () => {
    const refusal = { error: { class: 'GenericError', desc: 'State blocked by non-migratable device' } };
    await using qemu = await fakeQemu({ migrate: refusal });
    using qmp = await Qmp.connect(qemu.path);

    await expect(qmp.execute('migrate', { uri: 'exec:cat' })).rejects.toThrow(
      'cannot migrate: State blocked by non-migratable device',
    );
  });

  it('gives each command its own answer, whatever their order', async () => {
    const held: { id: number; execute: string }[] = [];
    await using qemu = await serveLines((line, socket) => {
      const command = JSON.parse(line) as { id: number; execute: string };
      if (command.execute === 'qmp_capabilities') {
        socket.write(`{"return": {}, "id": ${command.id}}\n`);
        return;
      }
      held.push(command);
      if (held.length === 2) {
        for (const { id, execute } of held.toReversed()) {
          socket.write(`${JSON.stringify({ return: execute, id })}\n`);
        }
      }
    });
    using qmp = await Qmp.connect(qemu.path);

    expect(await Promise.all([qmp.execute('stop'), qmp.execute('cont')])).toEqual(['stop', 'cont']);
  });

  it('rejects every pending command when QEMU goes, and each later one', async () => {
    await using qemu = await fakeQemu({});
    using qmp = await Qmp.connect(qemu.path);
    const pending = ['stop', 'query-migrate', 'quit'].map((command) => qmp.execute(command));

    qemu.hangUp();

    expect((await Promise.allSettled(pending)).map(({ status }) => status)).toEqual(
      Array(3).fill('rejected'),
    );
    await expect(pending[0]).rejects.toThrow('cannot stop: QEMU closed its control socket');
    await expect(qmp.execute('cont')).rejects.toThrow('cannot ask QEMU for cont');
  });

  it('rejects what is pending when it is disposed of', async () => {
    await using qemu = await fakeQemu({});
    const qmp = await Qmp.connect(qemu.path);
    const pending = qmp.execute('stop');

    qmp[Symbol.dispose]();

    await expect(pending).rejects.toThrow('cannot stop');
  });

  it('can be dialled again while it is not there yet', async () => {
    await expect(Qmp.connect('/nonexistent/qmp')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the forwarded port', () => {
  const table = (rows: string) =>
    `Hub -1 (net):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n${rows}`;

  it("is read from QEMU's table", async () => {
    const rows = table('  TCP[HOST_FORWARD]  14       127.0.0.1 39871       10.0.2.15    22     0     0\r\n');
    await using qemu = await fakeQemu({ 'human-monitor-command': { return: rows } });
    using qmp = await Qmp.connect(qemu.path);

    expect(await forwardedPort(qmp)).toBe(39871);
  });

  it('is never one that others could reach', async () => {
    const rows = table('  TCP[HOST_FORWARD]  14               * 39871       10.0.2.15    22     0     0\r\n');
    await using qemu = await fakeQemu({ 'human-monitor-command': { return: rows } });
    using qmp = await Qmp.connect(qemu.path);

    await expect(forwardedPort(qmp)).rejects.toThrow('cannot find the forwarded port');
  });
});
