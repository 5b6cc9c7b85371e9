import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { UserError } from '../errors.ts';
import { nearest } from '../load/nearest.ts';
import type { Context } from './context.ts';
import { withSettings } from './settings.ts';
import type { VerbEntry } from './verbs.ts';

const examples = `
Examples:
  katafarm run debian-13 --yes --kata none   one release, from nothing to a support table
  katafarm plan --scenario 'vmm.*'           what would run on every release, and what is skipped
  katafarm doctor                            what this host lacks, and how to get it

Exit status: 0 nothing failed, 1 a cell failed, 2 wrong use or a wrong file, 3 the farm could not do its work.
`;

const asking = ['--help', '-h', '--version', '-V'];

/**
 * Runs one command line. Whatever goes wrong is said on stderr and becomes an exit status; nothing is thrown.
 * Only the verb that is called is loaded.
 */
export async function main(
  argv: readonly string[],
  context: Context,
  { verbs, version }: { readonly verbs: readonly VerbEntry[]; readonly version: string },
): Promise<void> {
  try {
    const settled = await withSettings(context).catch((error: unknown) => {
      // Whoever asks what there is, may be about to mend that file.
      if (argv.length > 0 && !argv.some((word) => asking.includes(word))) {
        throw error;
      }
      return context;
    });
    const program = await programOf(argv[0], settled, verbs, version);
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    context.exit(complain(error, context));
  }
}

/** All verbs, of which only the called one can do anything. Throws a UserError for a word that is no verb. */
async function programOf(
  word: string | undefined,
  context: Context,
  verbs: readonly VerbEntry[],
  version: string,
): Promise<Command> {
  if (word && !word.startsWith('-') && !verbs.some(({ name }) => name === word)) {
    throw new UserError(strangeVerb(word, verbs));
  }

  const program = new Command('katafarm')
    .description(
      'Which Linux distributions can run Kata Containers with their own VMM, virtiofsd and kernel?',
    )
    .version(version)
    .helpCommand(false)
    .configureOutput({ writeOut: context.out, writeErr: context.err, outputError: () => undefined })
    .exitOverride()
    .addHelpText('after', examples)
    .action(() => program.help());

  for (const { name, summary, load, hidden = false } of verbs) {
    if (name === word) {
      const command = (await load())(context);
      inherit(command, program);
      program.addCommand(command, { hidden });
    } else {
      program.command(name, { hidden }).description(summary);
    }
  }
  return program;
}

function strangeVerb(word: string, verbs: readonly VerbEntry[]): string {
  const near = nearest(
    word,
    verbs.map(({ name }) => name),
  );
  return `cannot do "${word}": ${near ? `did you mean "${near}"?` : 'katafarm --help lists what there is'}`;
}

/** commander hands its settings down only to commands that it made itself. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) {
    inherit(child, command);
  }
}

/** Says what went wrong; returns the exit status for it. */
function complain(error: unknown, { err, signal }: Context): number {
  if (error instanceof UserError) {
    err(`katafarm: ${error.message}\n`);
    return error.exitCode;
  }

  if (error instanceof CommanderError) {
    if (error.exitCode === 0) {
      return 0;
    }
    err(`katafarm: cannot read the command line: ${error.message.replace(/^error: /, '')}\n`);
    return 2;
  }

  if (signal.aborted && isAbort(error, signal)) {
    return 3;
  }

  err(`katafarm: ${inspect(error, { depth: 4 })}\n`);
  err(
    "katafarm: this is a fault of katafarm's own; please report it, with the lines above, in its issue tracker\n",
  );
  return 3;
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
