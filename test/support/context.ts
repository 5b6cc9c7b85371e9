import { resolve } from 'node:path';
import type { Context } from '../../src/commands/context.ts';
import { main } from '../../src/commands/main.ts';
import { verbs as everyVerb, type VerbEntry } from '../../src/commands/verbs.ts';

/** A command's surroundings that keep what was said. */
export interface RecordedContext extends Context {
  readonly said: { out: string; err: string; code: number };
}

/** Surroundings of the checkout's own, with no provider and no environment but PATH. */
export function recordedContext(change: Partial<Context> = {}): RecordedContext {
  const said = { out: '', err: '', code: 0 };
  const root = resolve(import.meta.dirname, '../..');

  return {
    root,
    cwd: root,
    env: { PATH: process.env['PATH'] },
    now: () => new Date('2026-01-02T03:04:05.000Z'),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    terminal: { live: false, color: false, columns: 80 },
    providers: async () => [],
    signal: new AbortController().signal,
    exit: (code) => {
      said.code = code;
    },
    ...change,
    said,
  };
}

/** Runs a command line in this process; returns what was said and the exit status. */
export async function katafarm(
  argv: readonly string[],
  change: Partial<Context> = {},
  verbs: readonly VerbEntry[] = everyVerb,
): Promise<RecordedContext['said']> {
  const context = recordedContext(change);
  await main(argv, context, { verbs, version: '0.0.0-test' });
  return context.said;
}
