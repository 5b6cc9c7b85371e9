import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import type { Context, ProviderOptions } from './commands/context.ts';
import { main } from './commands/main.ts';
import { verbs } from './commands/verbs.ts';

const root = dirname(import.meta.dirname);
const stop = new AbortController();

async function providers(options: ProviderOptions) {
  const { qemuProvider } = await import('./providers/qemu/provider.ts');
  const { dockerProvider } = await import('./providers/docker/provider.ts');
  const now = () => new Date();
  return [
    qemuProvider({ ...options, now }),
    qemuProvider({ ...options, now }, 'qemu:cloud'),
    dockerProvider({ ...options, env: process.env, now }),
    ...(await existing(options, now)),
  ];
}

/** Machines that exist are named, or there are none. */
async function existing({ ssh, cache }: ProviderOptions, now: () => Date) {
  if (!ssh) {
    return [];
  }
  const { sshProvider } = await import('./providers/ssh/provider.ts');
  return [sshProvider({ ...ssh, cache, now })];
}

/** The first signal asks everything to end in order; the second ends it at once. */
function stopOn(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
  process.on(name, () => {
    if (stop.signal.aborted) {
      process.exit(128 + constants.signals[name]);
    }
    process.exitCode = 128 + constants.signals[name];
    stop.abort(name);
  });
}

/** Makes a writer that goes quiet when its reader has gone (`| head`); the work goes on and cleans up after itself. */
function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // EIO: a terminal that hung up.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') {
      throw error;
    }
  });
  return (text) => {
    if (stream.writable) {
      stream.write(text);
    }
  };
}

function wantsColor(
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv,
  streams: readonly NodeJS.WriteStream[],
): boolean {
  if (NO_COLOR) {
    return false;
  }
  if (FORCE_COLOR) {
    return FORCE_COLOR !== '0';
  }
  return streams.every(({ isTTY }) => isTTY) && TERM !== 'dumb';
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  stopOn(name);
}

const context: Context = {
  root,
  cwd: process.cwd(),
  env: process.env,
  now: () => new Date(),
  out: writerTo(process.stdout),
  err: writerTo(process.stderr),
  terminal: {
    live: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
    color: wantsColor(process.env, [process.stdout, process.stderr]),
    columns: process.stderr.columns || 80,
  },
  async screen() {
    const { screenOf } = await import('./commands/view/screen.ts');
    return screenOf(process, wantsColor(process.env, [process.stderr]));
  },
  providers,
  signal: stop.signal,
  exit: (code) => {
    // An interrupted run says so, whatever else it found.
    if (!stop.signal.aborted) {
      process.exitCode = code;
    }
  },
};

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
await main(process.argv.slice(2), context, { verbs, version });
