import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { exitCodeOf, unexecuted } from '../domain/exit-code.ts';
import { UserError } from '../errors.ts';
import type { Context, Verb } from './context.ts';
import { addMachines, addOutput, addRunning, addSelection } from './options.ts';
import { perform } from './perform.ts';
import { planText } from './plan-text.ts';
import { beginning, goingOn, type Options } from './sitting.ts';
import { ensureTools } from './tools.ts';

const examples = `
Examples:
  katafarm run debian-13 --yes --kata none              one release, from nothing to a support table
  katafarm run debian-12 debian-13 --stack qemu         two releases, one stack
  katafarm run debian-13 --scenario vmm.qemu.boot       one scenario (and what it needs of the machine)
  katafarm run debian-13 --prepare fix.sh               with a change of yours in the machine; never published
  katafarm run debian-13 --dry-run                      what would run; boots nothing
  katafarm run --resume 20261121-223803-4f1c            go on with a run that was ended early

Exit status: 0 nothing failed, 1 a cell failed, 2 wrong use or a wrong file, 3 the farm could not do its work,
130 interrupted (143, 129 by SIGTERM, SIGHUP); everything is cleaned up in each case.
`;

/** Plans, runs and reports: the farm's main job. */
export const run: Verb = (context) =>
  addOutput(addRunning(addMachines(addSelection(new Command('run')))), context)
    .description('boot a machine of each release, run the scenarios in clones of it, report')
    .argument('[distro...]', 'releases; all unless given')
    .addHelpText('after', examples)
    .action(async (words: string[], given: Options) => {
      const { sitting, options } = await (given.resume === undefined
        ? beginning(context, words, given)
        : goingOn(context, words, given, given.resume));
      const { plan, starved } = sitting.planned;

      if (options.dryRun) {
        context.out(options.json ? `${JSON.stringify(plan)}\n` : planText(plan));
      }
      if (starved.length > 0) {
        throw new UserError(
          `cannot run anything of ${starved.join(', ')}: every such cell is skipped; katafarm plan says why`,
          { exitCode: 3 },
        );
      }
      if (options.dryRun) {
        return;
      }
      await ensureScript(context, options.prepare);
      await ensureTools(context, { yes: options.yes ?? false });
      const finished = await perform(context, sitting, options);
      for (const asked of unexecuted(finished, options)) {
        context.err(`katafarm: no cell of ${asked} came to a verdict\n`);
      }
      context.exit(exitCodeOf(finished, options));
    });

async function ensureScript({ cwd }: Context, script: string | undefined): Promise<void> {
  const found = script === undefined || (await stat(resolve(cwd, script)).catch(() => undefined))?.isFile();
  if (!found) {
    throw new UserError(`cannot read --prepare ${script}: it is no file; give a shell script's path`);
  }
}
