import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { type Duplex, PassThrough, Writable } from 'node:stream';

/** Machines' commands end with this where the machine, or the way to it, is lost. */
export const transportStatus = 255;

/** An exec of the engine's that runs. */
export interface Running {
  readonly stream: Duplex;
  /** Resolves with its exit status once its outputs have ended; rejects where the engine doesn't know any more. */
  readonly status: () => Promise<number>;
}

export interface ExecChildOptions {
  /** Begins it. */
  readonly begin: () => Promise<Running>;
  /** Ends it in the container, with whatever it started. */
  readonly end: () => Promise<void>;
  /** Splits the engine's one stream into the command's two. */
  readonly split: (stream: Duplex, out: PassThrough, err: PassThrough) => void;
  readonly input: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A command in a container, in the shape of a child process: whoever runs commands knows no other. */
export function execChild(options: ExecChildOptions): ChildProcess {
  return new ExecChild(options) as unknown as ChildProcess;
}

class ExecChild extends EventEmitter {
  readonly stdin: Writable;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly pid = undefined;
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  killed = false;
  readonly #options: ExecChildOptions;
  readonly #written = new PassThrough();
  #stream: Duplex | undefined;

  constructor(options: ExecChildOptions) {
    super();
    this.#options = options;
    this.stdin = options.input ? this.#written : new Writable({ write: (_chunk, _encoding, done) => done() });
    this.stdin.on('error', () => {});
    const { signal } = options;
    const kill = () => void this.kill();
    signal?.addEventListener('abort', kill, { once: true });
    this.once('close', () => signal?.removeEventListener('abort', kill));
    // Whoever started it listens by then.
    setImmediate(() => (signal?.aborted ? kill() : void this.#run()));
  }

  kill(): boolean {
    if (this.killed || this.exitCode !== null) {
      return false;
    }
    this.killed = true;
    this.#options
      .end()
      .catch(() => {})
      .finally(() => {
        this.#stream?.destroy();
        this.#close(null, 'SIGKILL');
      });
    return true;
  }

  async #run(): Promise<void> {
    try {
      const { stream, status } = await this.#options.begin();
      this.#stream = stream;
      this.emit('spawn');
      const ended = new Promise<void>((resolve) => {
        stream.once('end', resolve);
        stream.once('close', resolve);
        stream.once('error', () => resolve());
      });
      this.#options.split(stream, this.stdout, this.stderr);
      if (this.#options.input) {
        this.#written.pipe(stream);
      }
      await ended;
      this.#close(await status());
    } catch (error) {
      this.stderr.write(`${(error as Error).message}\n`);
      this.#close(transportStatus);
    }
  }

  #close(code: number | null, signal: NodeJS.Signals | null = null): void {
    if (this.exitCode !== null || this.signalCode !== null || (this.killed && signal === null)) {
      return;
    }
    this.exitCode = code;
    this.signalCode = signal;
    this.stdout.end();
    this.stderr.end();
    this.emit('exit', code, signal);
    // As a child's: once its outputs were read to their end.
    const outputs = [this.stdout, this.stderr].map((output) =>
      output.readableEnded || output.destroyed || output.readableFlowing === null
        ? Promise.resolve()
        : new Promise((resolve) => output.once('end', resolve).once('close', resolve)),
    );
    void Promise.all(outputs).then(() => this.emit('close', code, signal));
  }
}
