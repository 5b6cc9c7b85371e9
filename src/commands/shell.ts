import { Command, Option } from 'commander';
import { addKata, type KataChoice } from './add-kata.ts';
import type { Verb } from './context.ts';
import { addMachines } from './options.ts';
import { count } from './parsers.ts';
import type { WorkbenchOptions } from './workbench.ts';

const examples = `
Examples:
  katafarm shell debian-13                          a terminal in a pristine machine, as root
  katafarm shell debian-13 --network                the same, and it may reach the network
  katafarm shell debian-13 --kata upstream:4.1.0    the same, with Kata in it
  katafarm shell debian-13 -- uname -r              one command; its output and exit status are handed on
  katafarm shell debian-13 -- 'dmesg | tail' <&-    one word is a command line, several are a command's own words
  katafarm shell --run RUN --cell debian-13/qemu/vmm.qemu.boot    into a machine that run --keep kept

It is made from what the cache has, whatever its age; --fresh builds anew.
The machine is gone when you leave it; a kept one stays as it was kept, and can be gone into again.
Exit status: that of the shell or command (254 for its 255); 2 wrong use, 3 there could be no machine, or it was lost.
`;

export interface ShellOptions extends WorkbenchOptions, KataChoice {
  readonly network?: true;
  readonly run?: string;
  readonly cell?: string;
  readonly attempt?: number;
  readonly out?: string;
  readonly yes?: true;
}

/** `katafarm shell`: a person's terminal, or a script's command, in a machine of their own. */
export const shell: Verb = (context) =>
  addKata(addMachines(new Command('shell')))
    .usage('[options] DISTRO [-- COMMAND...]')
    .description('a terminal in a pristine machine of a release, or in one that a run kept')
    .argument('[distro]', 'a release')
    .argument('[command...]', 'what to run in place of a shell')
    .option('--network', 'the machine may reach the network')
    .option('--run <run>', 'go into a machine that this run kept')
    .option('--cell <cell>', "the cell's id")
    .addOption(
      new Option('--attempt <n>', 'which attempt at it; the last one that was kept unless given').argParser(
        count('--attempt', 1),
      ),
    )
    .option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
    .option('--distros <dir>', 'folder of releases, in place of the one that comes along')
    .option('--quiet', 'only what went wrong')
    .option('--yes', 'install missing tools of the host by its package manager')
    .addHelpText('after', examples)
    .action(async (distro: string | undefined, words: string[], options: ShellOptions) => {
      const { inKept, inPristine } = await import('./shell-session.ts');
      return options.run === undefined
        ? inPristine(context, distro, words, options)
        : inKept(context, options.run, [...(distro === undefined ? [] : [distro]), ...words], options);
    });
