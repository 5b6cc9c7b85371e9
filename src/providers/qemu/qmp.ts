import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

type Reply =
  | { readonly return: unknown }
  | { readonly error: { readonly class: string; readonly desc: string } };

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly command: string;
}

/** A QEMU's control socket (qemu-qmp-ref): commands in, answers out, one connection. */
export class Qmp implements Disposable {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #next = 1;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // readline passes its input's errors on, and a QEMU that ends resets its connection.
    createInterface({ input: socket })
      .on('line', (line) => this.#read(line))
      .on('error', () => {});
    const lost = () => this.#lose();
    socket.on('close', lost).on('error', lost);
  }

  /** Connects and negotiates. Rejects with ENOENT or ECONNREFUSED while QEMU has not made the socket yet. */
  static async connect(path: string): Promise<Qmp> {
    const socket = connect(path);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once('connect', resolve).once('error', reject);
    await promise;
    socket.removeListener('error', reject);
    const qmp = new Qmp(socket);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /** Sends a command; resolves with what it returns, rejects with QEMU's own description. */
  async execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#ended) {
      throw new Error(`cannot ask QEMU for ${command}: its control socket is closed`);
    }
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.set(id, { resolve, reject, command });
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #read(line: string): void {
    const message = parse(line);
    const pending = message?.id === undefined ? undefined : this.#pending.get(message.id);
    if (!message || !pending || message.id === undefined) {
      return;
    }
    this.#pending.delete(message.id);
    if ('error' in message) {
      pending.reject(new Error(`cannot ${pending.command}: ${message.error.desc}`));
    } else {
      pending.resolve(message.return);
    }
  }

  #lose(): void {
    this.#ended = true;
    for (const { reject, command } of this.#pending.values()) {
      reject(new Error(`cannot ${command}: QEMU closed its control socket`));
    }
    this.#pending.clear();
  }
}

/** A line that QEMU's end cut short says nothing. */
function parse(line: string): (Reply & { readonly id?: number }) | undefined {
  try {
    return JSON.parse(line) as Reply & { readonly id?: number };
  } catch {
    return undefined;
  }
}

/** The port on this host's loopback by which the guest's SSH is reached: QEMU was told to choose a free one. */
export async function forwardedPort(qmp: Qmp): Promise<number> {
  const table = String(await qmp.execute('human-monitor-command', { 'command-line': 'info usernet' }));
  const port = table.match(/TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/)?.[1];
  if (!port) {
    throw new Error(`cannot find the forwarded port in QEMU's answer: ${table}`);
  }
  return Number(port);
}
