import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { channelPort } from './argv.ts';

/** Where the channel's shell loop stands in a machine. */
export const channelPath = '/usr/local/lib/katafarm/channel';

/**
 * The machine's side: a POSIX shell loop on a virtio-serial port. A line `TOKEN BASE64` comes in, a line
 * `TOKEN BASE64` goes out: both outputs, a newline, the exit status. An empty line is a heartbeat. Reopened at end of file, as a restored
 * clone has another host on the line. A shell ends where `exec` cannot open: systemd then starts it again.
 */
export const channelScript = `#!/bin/sh
port=/dev/virtio-ports/${channelPort}
while :; do
  while ! [ -e "$port" ]; do sleep 0.2; done
  exec 3<>"$port"
  while IFS=' ' read -r token code <&3; do
    [ -n "$token" ] || continue
    reply=$( { sh -c "$(printf %s "$code" | base64 -d)" 2>&1 </dev/null 3>&-; printf '\\n%s' "$?"; } | base64 | tr -d '\\n')
    printf '%s %s\\n' "$token" "$reply" >&3
  done
  exec 3>&-
  sleep 0.1
done
`;

/** Keeps the loop running from early on; part of every machine, and so recorded as a deviation. */
export const channelUnit = `[Unit]
Description=katafarm channel
DefaultDependencies=no
After=systemd-udevd.service
StartLimitIntervalSec=0
[Service]
ExecStart=${channelPath}
Restart=always
RestartSec=1
KillMode=mixed
[Install]
WantedBy=multi-user.target
`;

/**
 * While an answer is awaited, an empty line is sent this often. QEMU's emulated SVM can lose the wake-up of a halted
 * processor (seen with 7.2, for minutes); any interrupt from outside, a byte on this port for one, mends it.
 */
const heartbeatMs = 1_000;

export interface Answer {
  readonly status: number;
  readonly output: string;
}

/** This side of the channel: readiness, clock, entropy, liveness. For commands and people there is SSH. */
export class Channel implements Disposable {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  constructor(path: string) {
    this.#socket = connect(path);
    // The end of a machine shows on its process; here it only means that nothing more is answered.
    this.#socket.on('error', () => {});
    eachLine(this.#socket, (line) => this.#read(line));
  }

  /** Asks until the machine answers once, however long that takes; ends with the signal. */
  async ask(script: string, signal: AbortSignal): Promise<Answer> {
    const token = randomBytes(8).toString('hex');
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const stop = () => reject(signal.reason);
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting.set(token, resolve);
    const heartbeat = setInterval(() => this.#socket.write('\n'), heartbeatMs);
    try {
      this.#socket.write(`${token} ${Buffer.from(script).toString('base64')}\n`);
      return await promise;
    } finally {
      clearInterval(heartbeat);
      this.#waiting.delete(token);
      signal.removeEventListener('abort', stop);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #read(line: string): void {
    const [token = '', reply = ''] = line.split(' ');
    const text = Buffer.from(reply, 'base64').toString();
    const end = text.lastIndexOf('\n');
    this.#waiting.get(token)?.({ status: Number(text.slice(end + 1)), output: text.slice(0, end) });
  }
}

/** A machine may write what it likes: of a line that has no end, no more than this is kept. */
const longestLine = 4 * 2 ** 20;

function eachLine(socket: Socket, tell: (line: string) => void): void {
  const decoder = new StringDecoder();
  let parts: string[] = [];
  let length = 0;
  socket.on('data', (chunk: Buffer) => {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    for (const part of [first, ...rest.flatMap((one) => ['\n', one])]) {
      if (part === '\n') {
        tell(parts.join('').replace(/\r$/, ''));
        [parts, length] = [[], 0];
      } else if (length + part.length <= longestLine) {
        parts.push(part);
        length += part.length;
      }
    }
  });
}
