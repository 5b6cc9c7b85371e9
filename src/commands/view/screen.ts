import { createWriteStream, writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { placeOf } from './place-of.ts';

/** A terminal that people watch, and its keyboard. What is changed of it is changed back at the end of the process. */
export interface Screen extends AsyncDisposable {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** Whether keys come in: then `onKey` is told of them. */
  readonly hasKeys: boolean;
  /** More was written than the terminal has taken so far. */
  readonly busy: boolean;
  /** Never waits for the terminal. */
  readonly write: (text: string) => void;
  /**
   * Takes hold of the keyboard where stdin is one. False while the process is in the background of this terminal,
   * which is somebody else's then.
   */
  readonly attend: () => boolean;
  onKey: (key: string) => void;
  onResize: () => void;
  /** The process was stopped and goes on; what is on the terminal now is unknown. */
  onContinue: () => void;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
/** How long a terminal that takes nothing is waited for at the end, in milliseconds. */
const patience = 1000;

/** The keys that a terminal makes signals of while it is not raw. */
const signals: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001c': 'SIGQUIT',
  '\u001a': 'SIGTSTP',
};

/** The terminal that stderr is, with the keyboard that stdin may be. */
export function screenOf(
  { stderr, stdin }: { readonly stderr: WriteStream & { readonly fd: number }; readonly stdin: ReadStream },
  color: boolean,
): Screen {
  // Node writes to a terminal synchronously: one that has been stopped would stop the farm.
  const out = createWriteStream('', { fd: stderr.fd, autoClose: false });
  // A terminal that has gone takes and gives no more; the run goes on.
  out.on('error', () => {});
  stdin.on('error', () => {});
  const write = (text: string) => {
    if (out.writable) {
      out.write(text);
    }
  };
  let raw = false;
  let attended = false;

  const attend = () => {
    const place = placeOf();
    if (place !== 'background' && !attended) {
      attended = true;
      write(hideCursor);
      if (stdin.isTTY && place === 'front') {
        stdin.setRawMode(true);
        stdin.on('data', pressed);
        stdin.resume();
        raw = true;
      }
    }
    return place !== 'background';
  };
  const leaveKeys = () => {
    if (raw) {
      raw = false;
      stdin.off('data', pressed);
      stdin.pause();
      if (placeOf() === 'front') {
        stdin.setRawMode(false);
      }
    }
  };
  const restoreNow = () => {
    leaveKeys();
    try {
      writeSync(stderr.fd, showCursor);
    } catch {
      // It has gone.
    }
  };
  const pressed = (chunk: Buffer) => {
    for (const key of chunk.toString()) {
      const signal = signals[key];
      if (!signal) {
        screen.onKey(key);
        continue;
      }
      if (signal !== 'SIGINT') {
        restoreNow();
      }
      // To the whole process group, as the terminal would.
      process.kill(0, signal);
    }
  };
  const resized = () => screen.onResize();
  const continued = () => {
    leaveKeys();
    attended = false;
    screen.onContinue();
  };

  const screen: Screen = {
    get columns() {
      return stderr.columns || 80;
    },
    get rows() {
      return stderr.rows || 24;
    },
    color,
    get hasKeys() {
      return raw;
    },
    get busy() {
      return out.writableLength > 0;
    },
    write,
    attend,
    onKey() {},
    onResize() {},
    onContinue() {},
    async [Symbol.asyncDispose]() {
      stderr.off('resize', resized);
      process.off('SIGCONT', continued);
      leaveKeys();
      write(showCursor);
      if (out.writable) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, patience);
        out.on('error', () => resolve());
        out.end(resolve);
        await promise;
        clearTimeout(timer);
      }
      process.off('exit', restoreNow);
    },
  };
  process.on('exit', restoreNow);
  process.on('SIGCONT', continued);
  stderr.on('resize', resized);
  return screen;
}
