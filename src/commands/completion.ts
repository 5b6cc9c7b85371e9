import { Argument, Command } from 'commander';
import { UserError } from '../errors.ts';
import { hintOf } from '../load/nearest.ts';
import { completionScripts } from './completion-scripts.ts';
import type { Verb } from './context.ts';

const examples = `
Examples:
  source <(katafarm completion bash)                                     in ~/.bashrc
  source <(katafarm completion zsh)                                      in ~/.zshrc, after compinit
  katafarm completion fish > ~/.config/fish/completions/katafarm.fish    once

Verbs, options, releases, scenarios, stacks and runs are completed as they are at that moment.
`;

const shells = ['bash', 'zsh', 'fish'] as const satisfies readonly (keyof typeof completionScripts)[];

/** `katafarm completion SHELL`: a script for that shell. */
export const completion: Verb = (context) =>
  new Command('completion')
    .description('a script by which a shell completes katafarm commands')
    .addArgument(
      new Argument('<shell>', 'bash, zsh or fish').choices(shells).argParser((word: string) => word),
    )
    .addHelpText('after', examples)
    .action((word: string) => {
      const shell = shells.find((one) => one === word);
      if (!shell) {
        throw new UserError(`cannot complete in ${word}: ${hintOf(word, shells)}`);
      }
      context.out(completionScripts[shell]);
    });
