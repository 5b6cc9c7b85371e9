import { Command } from 'commander';
import type { Verb } from './context.ts';
import type { NewDistroOptions } from './new-distro.ts';
import { addMachines } from './options.ts';
import { isoDate } from './parsers-of-dates.ts';

const examples = `
Examples:
  katafarm new distro --local                      of the machine that katafarm runs on
  katafarm new distro --ssh root@fedora.lan        of a machine that you reach by ssh
  katafarm new distro --from debian-13 --out -     of a machine of the farm's, to see what it would say
  katafarm new distro --from ./fedora-45.qcow2 --like fedora-44 --released 2026-10-27
  katafarm new distro --ssh root@box --released 2026-10-15 --id solus-4.8

What is installed there is written with its package and path; what is not is asked of its package manager's index.
What can't be found out is written as unknown, with why. Nothing is changed there, but for the index with --refresh.
`;

/** `katafarm new distro`: a release's file, as far as a machine of it tells. */
export const newVerb: Verb = (context) => {
  const verb = new Command('new')
    .description('write a release as a file, from a machine of it')
    .addHelpText('after', examples);
  addMachines(verb.command('distro'))
    .description("write a release's YAML from a machine that runs it")
    .option('--local', 'from this very machine')
    .option('--ssh <host>', 'from a machine that ssh reaches: root@host')
    .option('--from <distro>', 'from a machine of a release that the farm has, or of a cloud image: its file')
    .option('--like <distro>', 'of a cloud image, the release by whose names its packages are asked for')
    .option('--id <id>', "the file's name, where the machine's own words won't do: debian-13")
    .option(
      '--released <date>',
      'when it was released, where the machine does not say',
      isoDate('--released'),
    )
    .option('--eol <date>', 'when its regular support ends', isoDate('--eol'))
    .option('--refresh', "have the machine's package index read anew first (--from: always)")
    .option('--out <file>', 'where it is written; - prints it (default: ID.yaml in the folder of releases)')
    .option('--distros <dir>', 'the folder that it is written to (and --like and --from look in as well)')
    .option('--quiet', 'only what went wrong')
    .option('--yes', 'install missing tools of the host by its package manager')
    .addHelpText('after', examples)
    .action(async (options: NewDistroOptions) => {
      const { newDistro } = await import('./new-distro.ts');
      await newDistro(context, options);
    });
  return verb;
};
