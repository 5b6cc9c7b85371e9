import { differencesToBase, withoutBase } from '../domain/against.ts';
import { unmet } from '../domain/cell-count.ts';
import { exitCodeBeside, exitCodeOf, unexecuted } from '../domain/exit-code.ts';
import type { Run } from '../domain/run.ts';
import type { Context } from './context.ts';
import type { Options } from './sitting.ts';

/** How `katafarm run` exits after a run: by its cells or, with `--against`, by what differs from the base. */
export function exitOfRun(run: Run, options: Options): 0 | 1 | 3 {
  return options.against
    ? exitCodeBeside(differencesToBase(run), withoutBase(run), options)
    : exitCodeOf(run, options);
}

/** Says what was asked for and came to no verdict, and what is not as `--expect` has it; a base counts for neither. */
export function tellShortfall({ err }: Pick<Context, 'err'>, whole: Run, options: Options): void {
  const run = options.against ? withoutBase(whole) : whole;
  for (const asked of unexecuted(run, options)) {
    err(`katafarm: no cell of ${asked} came to a verdict\n`);
  }
  for (const missed of unmet(run, options.expect ?? [])) {
    err(`katafarm: not as expected: ${missed}\n`);
  }
}
