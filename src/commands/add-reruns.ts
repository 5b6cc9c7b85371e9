import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Context } from './context.ts';
import { addMachines } from './options.ts';
import { count } from './parsers.ts';
import type { RerunOptions } from './rerun.ts';

/** How a verb that makes runs for an answer makes and tells them. */
export type AnswerOptions = RerunOptions & { readonly dryRun?: true; readonly json?: true };

/** Adds what {@link AnswerOptions} reads. */
export function addReruns(command: Command, { env, cwd }: Pick<Context, 'env' | 'cwd'>): Command {
  return addMachines(command)
    .addOption(new Option('--jobs <n>', 'cells at once').argParser(count('--jobs', 1)))
    .addOption(
      new Option('--out <dir>', 'where runs are and are put ($KATAFARM_OUT)')
        .argParser((text) => resolve(cwd, text))
        .default(resolve(cwd, env['KATAFARM_OUT'] || 'reports/runs'), 'reports/runs'),
    )
    .option('--dry-run', 'say what would be run, and stop')
    .option('--json', 'one JSON value')
    .option('--quiet', 'of the runs only what went wrong')
    .option('--verbose', 'what commands print, as well')
    .option('--yes', 'install missing tools of the host by its package manager');
}
