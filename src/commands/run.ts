import { Command } from 'commander';
import { addExpect } from './add-expect.ts';
import { addShard } from './add-shard.ts';
import type { Verb } from './context.ts';
import { addMachines, addOutput, addRunning, addSelection } from './options.ts';
import type { Options } from './sitting.ts';

const examples = `
Examples:
  katafarm run debian-13 --yes --kata none              one release, from nothing to a support table
  katafarm run debian-12 debian-13 --stack qemu         two releases, one stack
  katafarm run debian-13 --scenario vmm.qemu.boot       one scenario (and what it needs of the machine)
  katafarm run debian-13 --ssh root@build-1             on a machine that exists, which is not cloned
  katafarm run --provider ssh                           on each machine that katafarm.yaml names
  katafarm run debian-13 --prepare fix.sh               with a change of yours in the machine; never published
  katafarm run debian-13 --prepare-cold fix.sh          the same, and the machine boots again: for what acts at boot
  katafarm run debian-13 --provider docker --scenario build.qemu --source qemu=qemu-11.0.1.tar.xz    built from a tarball of yours
  katafarm run debian-13 --dry-run                      what would run; boots nothing
  katafarm run debian-13 --scenario vmm.qemu.boot --watch    the same again at each edit of it
  katafarm run debian-13 --keep failed                  what failed is kept, for katafarm shell --run RUN --cell CELL
  katafarm run debian-13 --kata file:mine.tar.zst --against upstream:4.1.0    only what my build does otherwise
  katafarm run debian-13 --with-package new.deb         without your package and with it: what it breaks
  katafarm run --expect 'kata.uname>=1 per distro'      exit 3 where a release has no verdict on it: for nightlies
  katafarm run --shard 2/3                              a third of it, on one of three hosts: katafarm merge puts them together
  katafarm run --resume 20261121-223803-4f1c            go on with a run that was ended early

Exit status: 0 nothing failed that is not a known issue, 1 a cell failed, 2 wrong use or a wrong file, 3 the farm could not do its work,
with --against, or packages of your own, 1 only where a cell is red that the base has green, 3 where nothing could be compared,
130 interrupted (143, 129 by SIGTERM, SIGHUP); everything is cleaned up in each case.
`;

/** Plans, runs and reports: the farm's main job. Its modules are loaded when it is done, not when it is described. */
export const run: Verb = (context) =>
  addShard(addExpect(addOutput(addRunning(addMachines(addSelection(new Command('run')))), context)))
    .description('boot a machine of each release, run the scenarios in clones of it, report')
    .argument('[distro...]', 'releases; all of them, on amd64, unless given')
    .addHelpText('after', examples)
    .action(async (words: string[], options: Options, command: Command) => {
      if (options.watch) {
        const { watch } = await import('./watch.ts');
        return watch(context, command.parent?.args ?? [], words, options);
      }
      const { carryOut } = await import('./carry-out.ts');
      return carryOut(context, words, options);
    });
