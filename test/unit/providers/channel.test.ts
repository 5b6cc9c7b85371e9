import { describe, expect, it } from 'vitest';
import { Channel } from '../../../src/providers/qemu/channel.ts';
import { serveLines } from '../../support/socket-server.ts';

const encode = (text: string) => Buffer.from(text).toString('base64');
const soon = () => AbortSignal.timeout(5_000);

describe("the channel's near side", () => {
  it('sends a script in base64 after a token, and takes the answer with that token', async () => {
    const seen: string[] = [];
    await using machine = await serveLines((line, socket) => {
      const [token = '', code = ''] = line.split(' ');
      seen.push(Buffer.from(code, 'base64').toString());
      socket.write(`0123456789abcdef ${encode("somebody else's\n0")}\n`);
      socket.write(`${token} ${encode('two\nlines\n3')}\n`);
    });
    using channel = new Channel(machine.path);

    expect(await channel.ask("printf 'ä' && false", soon())).toEqual({ output: 'two\nlines', status: 3 });
    expect(seen).toEqual(["printf 'ä' && false"]);
  });

  it('passes over the noise that a machine may write', async () => {
    await using machine = await serveLines((line, socket) => {
      socket.write(`\n\u0000\u0001 garbage\n= = =\n${line.split(' ')[0]} ${encode('ok\n0')}\n`);
    });
    using channel = new Channel(machine.path);

    expect(await channel.ask('true', soon())).toEqual({ output: 'ok', status: 0 });
  });

  it('waits no longer than its signal', async () => {
    await using machine = await serveLines(() => {});
    using channel = new Channel(machine.path);
    const stop = new AbortController();
    const asked = channel.ask('true', stop.signal);

    stop.abort(new Error('boot took too long'));

    await expect(asked).rejects.toThrow('boot took too long');
    await expect(channel.ask('true', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
  });

  it('survives the end of the other side', async () => {
    const machine = await serveLines(() => machine.hangUp());
    using channel = new Channel(machine.path);

    await expect(channel.ask('true', AbortSignal.timeout(200))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await machine[Symbol.asyncDispose]();
  });
});
