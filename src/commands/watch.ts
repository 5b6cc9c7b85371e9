import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from './context.ts';
import { type Edits, editsOf, type Meant } from './edits.ts';
import type { Options } from './sitting.ts';
import { type RunningChild, startAgain } from './watch-child.ts';

/** What `watch` does to the world. */
interface Surroundings {
  readonly start: (argv: readonly string[]) => RunningChild;
  readonly edits: (context: Context, words: readonly string[], options: Options) => Edits;
}

/**
 * Runs what was asked for, and again at each edit of a scenario or release, until it is interrupted: each time by a
 * process of its own, as a module that was loaded once is loaded for good. An edit ends a run that is going on.
 */
export async function watch(
  context: Context,
  argv: readonly string[],
  words: readonly string[],
  options: Options,
  { start = startAgain, edits: begin = editsOf }: Partial<Surroundings> = {},
): Promise<void> {
  const { signal, err } = context;
  using edits = begin(context, words, options);
  let meant: Meant = 'all';
  let edit = edits.next();

  while (!signal.aborted) {
    const child = start(argvFor(argv, meant));
    const pass = () => child.stop(String(signal.reason) as NodeJS.Signals);
    signal.addEventListener('abort', pass, { once: true });
    const isEdited = await Promise.race([child.ended.then(() => false), edit.then(() => true)]);
    if (isEdited && !signal.aborted) {
      child.stop('SIGINT');
    }
    await child.ended;
    signal.removeEventListener('abort', pass);
    if (!isEdited && !signal.aborted) {
      err('katafarm: waiting for an edit of a scenario or release; Ctrl-C ends\n');
    }

    const next: Meant = await Promise.race([edit, untilOver(signal)]);
    edit = edits.next();
    // What was ended early is not done yet.
    meant = isEdited ? both(meant, next) : next;
    if (!signal.aborted) {
      err(`katafarm: edited: ${meant === 'all' ? 'what all scenarios share' : meant.join(', ')}\n`);
    }
  }
  signal.throwIfAborted();
}

/** The command line for one run: all of the selection, or only some scenarios of it. */
export function argvFor(argv: readonly string[], meant: Meant): readonly string[] {
  const plain = argv.filter((word) => word !== '--watch');
  if (meant === 'all') {
    return plain;
  }
  const rest: string[] = [];
  let isGlob = false;
  for (const word of plain) {
    if (word.startsWith('-')) {
      isGlob = word === '--scenario';
    }
    if (!isGlob && !word.startsWith('--scenario=')) {
      rest.push(word);
    }
  }
  const [verb = 'run', ...others] = rest;
  return [verb, ...meant.map((id) => `--scenario=${id}`), ...others];
}

function both(one: Meant, other: Meant): Meant {
  return one === 'all' || other === 'all' ? 'all' : [...new Set([...one, ...other])];
}

async function untilOver(signal: AbortSignal): Promise<'all'> {
  await sleep(2 ** 31 - 1, undefined, { signal }).catch(() => {});
  return 'all';
}
