import { Command, Option } from 'commander';
import { changesOf } from '../domain/changes.ts';
import { oneLine } from '../domain/text.ts';
import { UserError } from '../errors.ts';
import type { PutBack } from '../install/put-back.ts';
import { changeSections } from '../report/change-words.ts';
import { type AnswerOptions, addReruns } from './add-reruns.ts';
import type { Context, Verb } from './context.ts';
import { jsonOf } from './explain.ts';
import { type FoundRun, findRun } from './find-run.ts';
import { installedThere } from './installed.ts';
import { packageWords } from './parsers-of-packages.ts';

export type BisectOptions = AnswerOptions & {
  readonly cell?: string;
  readonly putBack?: readonly PutBack[];
  readonly halve?: true;
};

/** A run in which something was green, and one in which it is red. */
export interface GoodAndBad {
  readonly good: FoundRun;
  readonly bad: FoundRun;
}

const examples = `
Examples:
  katafarm bisect GOOD BAD                                    what changed: hosts, machines, packages, Kata
  katafarm bisect GOOD BAD --cell debian-13/qemu/kata.uname --put-back qemu-system-x86
                                                              the cell of BAD again, with that package as it was in GOOD
  katafarm bisect GOOD BAD --cell debian-13/qemu/kata.uname --put-back qemu-system-x86=1:10.0.2+ds-2 virtiofsd
  katafarm bisect GOOD BAD --cell debian-13/qemu/kata.uname --halve
                                                              halves what changed until one package is left

GOOD and BAD are ids of runs or paths. Machines are made from BAD's image, which the cache must still have; apt in the machine
has what is put back from the package mirror, which keeps few old versions. A kernel can't be put back in this way.
Exit status: 0 there is an answer, 2 wrong use, 3 nothing came to a verdict.
`;

/** What changed between a good and a bad run, and which of the packages it is. */
export const bisect: Verb = (context) =>
  addReruns(new Command('bisect'), context)
    .description('what changed between a good run and a bad one; single packages put back on request')
    .argument('<run>', 'the good one')
    .argument('<run>', 'the bad one')
    .option('--cell <cell>', 'which cell is run again: it is red in the bad run')
    .addOption(
      new Option('--put-back <package...>', 'NAME or NAME=VERSION; as it was in the good run unless said')
        .argParser(packageWords)
        .conflicts('halve'),
    )
    .option('--halve', 'put back half of what changed, and half of that, until one is left')
    .addHelpText('after', examples)
    .action(async (good: string, bad: string, options: BisectOptions) => {
      const { cell, putBack, halve, out } = options;
      const runs = { good: await findRun(context, good, out), bad: await findRun(context, bad, out) };
      if (cell === undefined && (putBack || halve)) {
        throw new UserError(
          `cannot ${halve ? 'halve' : 'put back'} anything: say by --cell which cell is run again`,
        );
      }
      if (cell !== undefined && !putBack && !halve) {
        throw new UserError('cannot tell what to put back: say --put-back PACKAGE, or --halve');
      }
      if (cell === undefined) {
        return await tellChanges(context, runs, options);
      }
      const { bisectCell } = await import('./bisect-cell.ts');
      return await bisectCell(context, runs, cell, options);
    });

async function tellChanges(
  context: Context,
  { good, bad }: GoodAndBad,
  { json }: BisectOptions,
): Promise<void> {
  const installed = { base: await installedThere(context, good), run: await installedThere(context, bad) };
  const changes = changesOf(good.run, bad.run, installed);
  if (json) {
    context.out(jsonOf({ good: good.run.id, bad: bad.run.id, changes }));
    return;
  }
  const sections = changeSections(changes).map(({ title, lines }) =>
    [title, ...lines.map((line) => `  ${oneLine(line)}`)].join('\n'),
  );
  const unknown = bad.run.plan.batches
    .map(({ distro }) => distro)
    .filter((release) => !installed.base.has(release) || !installed.run.has(release))
    .map(
      (release) =>
        `${release}: of its packages only those of its parts are known: a run did not write them all down, and its image is not in the cache`,
    );
  const text = [`from ${good.run.id} to ${bad.run.id}`, ...sections, ...unknown];
  context.out(
    `${text.join('\n\n')}${sections.length === 0 ? '\n\nnothing that the journals tell changed' : ''}\n`,
  );
}
