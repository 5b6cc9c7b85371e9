import { exitOf } from '../domain/difference.ts';
import { exitCodeOf } from '../domain/exit-code.ts';
import type { Run } from '../domain/run.ts';
import { differencesToBase } from './against.ts';
import type { Options } from './sitting.ts';

/** How `katafarm run` exits after a run: by its cells or, with `--against`, by what differs from the base. */
export function exitOfRun(run: Run, options: Options): 0 | 1 | 3 {
  return options.against ? exitOf(differencesToBase(run), options) : exitCodeOf(run, options);
}
