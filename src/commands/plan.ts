import { Command } from 'commander';
import { UserError } from '../errors.ts';
import type { Verb } from './context.ts';
import { addMachines, addSelection, type MachineOptions, type Selection } from './options.ts';
import { planText } from './plan-text.ts';

const examples = `
Examples:
  katafarm plan                                  everything, on every release
  katafarm plan debian-12 debian-13              two releases
  katafarm plan debian-13 --scenario 'vmm.*'     some scenarios
  katafarm plan debian-13 --stack qemu --json    one stack, as JSON: batches and what is skipped

Nothing is built, downloaded or booted.
`;

/** Says what would run by release and stack, and what is skipped and why. */
export const plan: Verb = (context) =>
  addMachines(addSelection(new Command('plan')))
    .description('what would run, what is skipped and why; boots nothing')
    .argument('[distro...]', 'releases; all of them, on amd64, unless given')
    .option('--json', 'the plan as one JSON value')
    .addHelpText('after', examples)
    .action(async (words: string[], options: Selection & MachineOptions & { json?: true }) => {
      const { plannedOf } = await import('./planned.ts');
      const { plan: planned, starved } = await plannedOf(context, words, options, 'look');

      context.out(options.json ? `${JSON.stringify(planned, null, 2)}\n` : planText(planned));
      if (starved.length > 0) {
        throw new UserError(`cannot run anything of ${starved.join(', ')}: every such cell is skipped`, {
          exitCode: 3,
        });
      }
    });
