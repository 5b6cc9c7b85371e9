import { Command, Option } from 'commander';
import type { OverlayChoice } from '../install/overlay/parts.ts';
import { addDistrosFolder } from './add-folders.ts';
import { addImage } from './add-image.ts';
import { addKata, type KataChoice } from './add-kata.ts';
import type { Verb } from './context.ts';
import { addMachines } from './options.ts';
import { addPackages } from './overlay-option.ts';
import { count } from './parsers.ts';
import { type SshChoice, sshOption } from './ssh-option.ts';
import type { WorkbenchOptions } from './workbench.ts';

const examples = `
Examples:
  katafarm shell debian-13                          a terminal in a pristine machine, as root
  katafarm shell debian-13 --network                the same, and it may reach the network
  katafarm shell debian-13 --kata upstream:4.1.0    the same, with Kata in it
  katafarm shell debian-13 --with-package new.deb   with a package of yours; or --prepare SCRIPT, as run has them
  katafarm shell debian-13 --provider docker        in a container of it: its userspace alone, within seconds
  katafarm shell debian-13 --ssh root@build-1       on a machine that exists: no clone, what you change stays
  katafarm shell debian-13 -- uname -r              one command; its output and exit status are handed on
  katafarm shell debian-13 -- 'dmesg | tail' <&-    one word is a command line, several are a command's own words
  katafarm shell --run RUN --cell debian-13/qemu/vmm.qemu.boot    into a machine that run --keep kept

It is made from what the cache has, whatever its age; --fresh builds anew.
The machine is gone when you leave it; a kept one stays as it was kept, and can be gone into again. One of --ssh stays as you leave it,
but for what you left running, /var/tmp/katafarm and the containers of the farm's; no katafarm runs on it meanwhile.
Exit status: that of the shell or command (254 for its 255); 2 wrong use, 3 there could be no machine, or it was lost.
`;

export interface ShellOptions extends WorkbenchOptions, KataChoice, OverlayChoice, Pick<SshChoice, 'ssh'> {
  readonly network?: true;
  readonly prepare?: string;
  readonly prepareCold?: string;
  readonly run?: string;
  readonly cell?: string;
  readonly attempt?: number;
  readonly out?: string;
  readonly yes?: true;
}

/** `katafarm shell`: a person's terminal, or a script's command, in a machine of their own. */
export const shell: Verb = (context) =>
  addDistrosFolder(addChanges(addImage(addKata(addMachines(new Command('shell'))))))
    .usage('[options] DISTRO [-- COMMAND...]')
    .description('a terminal in a pristine machine of a release, or in one that a run kept')
    .argument('[distro]', 'a release')
    .argument('[command...]', 'what to run in place of a shell')
    .addOption(
      sshOption(
        'on a machine that exists: [USER@]HOST[:PORT]; nothing is installed there without --yes. --provider ssh alone takes the one that katafarm.yaml names',
      ),
    )
    .option('--network', 'the machine may reach the network')
    .option('--run <run>', 'go into a machine that this run kept')
    .option('--cell <cell>', "the cell's id")
    .addOption(
      new Option('--attempt <n>', 'which attempt at it; the last one that was kept unless given').argParser(
        count('--attempt', 1),
      ),
    )
    .option('--out <dir>', 'where runs are kept ($KATAFARM_OUT)')
    .option('--quiet', 'only what went wrong')
    .option(
      '--yes',
      'install missing tools of the host by its package manager, and what a machine of --ssh lacks',
    )
    .addHelpText('after', examples)
    .action(async (distro: string | undefined, words: string[], options: ShellOptions) => {
      const { inKept, inPristine } = await import('./shell-session.ts');
      return options.run === undefined
        ? inPristine(context, distro, words, options)
        : inKept(context, options.run, [...(distro === undefined ? [] : [distro]), ...words], options);
    });

/** What is done to the machine first, by the options of `run`. */
function addChanges(command: Command): Command {
  return addPackages(command, {
    what: 'install these packages, and what they need, on top of the release',
    conflicts: ['run'],
  })
    .addOption(new Option('--prepare <script>', 'run this in the machine first').conflicts('run'))
    .addOption(
      new Option('--prepare-cold <script>', 'the same, and boot it again').conflicts(['prepare', 'run']),
    );
}
