import type { Distro } from '../domain/distro.ts';
import { UserError } from '../errors.ts';
import { installerOf } from '../install/install-kata.ts';
import { overlayWords } from '../install/overlay/parts.ts';
import { posixQuote } from '../machine/quote.ts';
import { atTerminal } from './at-terminal.ts';
import { type Changes, pristine } from './bench-machine.ts';
import type { Context } from './context.ts';
import { ensureScript } from './ensure-script.ts';
import { katasOf } from './katas.ts';
import { overlaidBy } from './overlaid-by.ts';
import { reviveCell } from './revive-cell.ts';
import type { ShellOptions } from './shell.ts';
import { wantedImage } from './shell-image.ts';
import { withMachines } from './ssh-machines.ts';
import { sshGiven } from './ssh-option.ts';
import { toolsFor } from './tool-table.ts';
import { ensureTools } from './tools.ts';
import { toolsForSsh } from './tools-of-plan.ts';
import { type OnWorkbench, openWorkbench, putOnWorkbench, releasesOf } from './workbench.ts';

/** A machine in its template's state but for what the options change, gone when it is left; or a machine that exists, as it is. */
export async function inPristine(
  context: Context,
  distro: string | undefined,
  words: readonly string[],
  given: ShellOptions,
): Promise<void> {
  if (given.cell !== undefined || given.attempt !== undefined) {
    throw new UserError('cannot go into a cell of no run: say which run kept it, with --run RUN');
  }
  const { options } = await withMachines(context, distro === undefined ? [] : [distro], given);
  sshGiven(context, options);
  const [release] = await releasesOf(context, distro === undefined ? [] : [distro], options);
  if (!release) {
    return;
  }
  if (options.ssh && options.kata) {
    throw new UserError(
      'cannot put Kata into a machine that exists: it could not be taken out again without a trace; leave out --kata, or --ssh',
    );
  }
  await ensureTools(context, {
    yes: options.yes ?? false,
    needed: options.ssh ? toolsForSsh() : toolsFor(),
  });
  const changes = await changesOf(context, release, options);
  const on = await fromCache(context, release, options, await wantedImage(context, release, options));
  await using _bench = on.bench;
  await using machine = await pristine(on, options.network ?? false, changes);
  await atTerminal(context, machine, commandOf(words), welcomeTo(release, options, changes));
}

async function changesOf(context: Context, release: Distro, options: ShellOptions): Promise<Changes> {
  const [kata] = options.kata ? (await katasOf(context, options, 'have')).had : [];
  return {
    overlay: await overlaidBy(context, options, [release]),
    kata: kata && installerOf(kata),
    prepare: await ensureScript(context, '--prepare', options.prepare),
    prepareCold: await ensureScript(context, '--prepare-cold', options.prepareCold),
  };
}

/** What a person reads before the prompt: where they are, and what becomes of it. */
function welcomeTo({ id }: Distro, options: ShellOptions, { kata, prepare, prepareCold }: Changes): string {
  const machine = options.ssh?.[id] ?? options.ssh?.[''];
  if (machine !== undefined) {
    return `${id}: ${machine} itself and no clone of it, as root; what you change stays, what you leave running is ended, and /var/tmp/katafarm goes`;
  }
  const packages = overlayWords(options).join(', ');
  const script = options.prepare ?? options.prepareCold;
  const inIt = [
    ...(kata ? [`with Kata ${kata.build.version} in it (/etc/katafarm)`] : []),
    ...(packages === '' ? [] : [`with ${packages}`]),
    ...((prepare ?? prepareCold) ? [`changed by ${script}`] : []),
  ].join(', ');
  const kind = options.provider === 'docker' ? 'container on this engine' : 'machine';
  return `${id}: a pristine ${kind}${inIt && ` ${inIt}`}, as root; it is gone when you leave it`;
}

/**
 * What is in the cache is good enough to look around in: no mirror is asked about it, nor has to be there. Only where
 * there is nothing, or it is asked for anew, it is made.
 */
async function fromCache(
  context: Context,
  release: Distro,
  options: ShellOptions,
  digest: string | undefined,
): Promise<OnWorkbench> {
  if (!options.fresh && !options.offline && !options.ssh) {
    const asItIs = { ...options, offline: true } as const;
    const cached = await onWorkbench(context, release, asItIs, digest).catch((error: unknown) => {
      if (error instanceof UserError) {
        return undefined;
      }
      throw error;
    });
    if (cached) {
      return cached;
    }
  }
  return onWorkbench(context, release, options, digest);
}

async function onWorkbench(
  context: Context,
  release: Distro,
  options: ShellOptions,
  digest: string | undefined,
): Promise<OnWorkbench> {
  const bench = await openWorkbench(context, 'shell', options, sshGiven(context, options));
  try {
    const on = await putOnWorkbench(bench, release, digest);
    if (digest !== undefined && on.image.digest !== digest) {
      throw new UserError(
        `cannot use the image ${digest.slice(0, 12)}: it is damaged, or of another variant than ${on.batch.variant} (--provider); katafarm image list names those that there are`,
        { exitCode: 3 },
      );
    }
    return on;
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
