import type { Distro } from '../domain/distro.ts';
import { UserError } from '../errors.ts';
import { installerOf } from '../install/install-kata.ts';
import { posixQuote } from '../machine/quote.ts';
import { atTerminal } from './at-terminal.ts';
import { pristine } from './bench-machine.ts';
import type { Context } from './context.ts';
import { katasOf } from './katas.ts';
import { reviveCell } from './revive-cell.ts';
import type { ShellOptions } from './shell.ts';
import { ensureTools } from './tools.ts';
import { type OnWorkbench, openWorkbench, putOnWorkbench, releasesOf } from './workbench.ts';

/** A machine in its template's state, gone when it is left. */
export async function inPristine(
  context: Context,
  distro: string | undefined,
  words: readonly string[],
  options: ShellOptions,
): Promise<void> {
  if (options.cell !== undefined || options.attempt !== undefined) {
    throw new UserError('cannot go into a cell of no run: say which run kept it, with --run RUN');
  }
  const [release] = await releasesOf(context, distro === undefined ? [] : [distro], options);
  if (!release) {
    return;
  }
  await ensureTools(context, { yes: options.yes ?? false });
  const [kata] = options.kata ? (await katasOf(context, options, 'have')).had : [];
  const on = await fromCache(context, release, options);
  await using _bench = on.bench;
  await using machine = await pristine(on, options.network ?? false, kata && installerOf(kata));
  const inIt = kata ? ` with Kata ${kata.build.version} in it (/etc/katafarm)` : '';
  const welcome = `${release.id}: a pristine machine${inIt}, as root; it is gone when you leave it`;
  await atTerminal(context, machine, commandOf(words), welcome);
}

/**
 * What is in the cache is good enough to look around in: no mirror is asked about it, nor has to be there. Only where
 * there is nothing, or it is asked for anew, it is made.
 */
async function fromCache(context: Context, release: Distro, options: ShellOptions): Promise<OnWorkbench> {
  if (!options.fresh && !options.offline) {
    const cached = await onWorkbench(context, release, { ...options, offline: true }).catch(
      (error: unknown) => {
        if (error instanceof UserError) {
          return undefined;
        }
        throw error;
      },
    );
    if (cached) {
      return cached;
    }
  }
  return onWorkbench(context, release, options);
}

async function onWorkbench(context: Context, release: Distro, options: ShellOptions): Promise<OnWorkbench> {
  const bench = await openWorkbench(context, 'shell', options);
  try {
    return await putOnWorkbench(bench, release);
  } catch (error) {
    await bench[Symbol.asyncDispose]();
    throw error;
  }
}

/** A machine that a run kept, going on where it was frozen. */
export async function inKept(
  context: Context,
  run: string,
  words: readonly string[],
  options: ShellOptions,
): Promise<void> {
  await ensureTools(context, { yes: options.yes ?? false });
  await using bench = await openWorkbench(context, 'shell', options);
  const { cell, attempt, start } = await reviveCell(context, bench, { ...options, run });
  await using machine = await start(options.network ?? false);
  const welcome = `${cell}, attempt ${attempt}: as it was kept; what you change is gone when you leave it`;
  await atTerminal(context, machine, commandOf(words), welcome);
}

/** One word is a command line; several are a command and its arguments, as they are. Undefined: a shell. */
function commandOf(words: readonly string[]): string | undefined {
  if (words.length <= 1) {
    return words[0];
  }
  return words.map(posixQuote).join(' ');
}
