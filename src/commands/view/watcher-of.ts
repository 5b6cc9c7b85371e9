import type { CellId } from '../../domain/cell.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Plan } from '../../domain/plan.ts';
import { plain } from '../../domain/text.ts';
import { waiting } from '../../report/live-state.ts';
import { verdictOf } from '../../report/live-words.ts';
import type { Expected } from '../../report/time-left.ts';
import type { Context } from '../context.ts';
import type { OutputOptions } from '../options.ts';
import { actions } from './actions.ts';
import { lines } from './lines.ts';
import { quiet } from './quiet.ts';
import { isActions } from './shown.ts';
import type { Watching } from './watching.ts';
import { annotationOf } from './workflow-command.ts';

/** What is to be watched. */
interface Watched {
  readonly run: string;
  /** What is to be done, all of it or what is left. */
  readonly plan: Pick<Plan, 'batches'>;
  readonly expected?: Expected | undefined;
}

/** Who watches a run, by what was asked for and what stderr is. To be let go of before anything else is printed. */
export async function watcherOf(
  {
    err,
    now,
    env,
    terminal,
    screen,
    signal,
  }: Pick<Context, 'err' | 'now' | 'env' | 'terminal' | 'screen' | 'signal'>,
  options: Pick<OutputOptions, 'quiet' | 'verbose' | 'json'>,
  { run, plan, expected }: Watched,
): Promise<Watching> {
  const request = { expected, verbose: options.verbose ?? false, signal };
  const start = waiting(run, plan, performance.now());
  const inActions = isActions(env);

  if (options.quiet) {
    const text = inActions
      ? annotationOf
      : (cell: CellId, outcome: Outcome) => `${cell}: ${verdictOf(outcome)}`;
    return quiet((cell, outcome) => err(`${text(cell, outcome)}\n`));
  }
  if (inActions) {
    return actions(err, now, start, request);
  }
  if (terminal.live && screen && !options.json) {
    const { live } = await import('./live.ts');
    return live(await screen(), start, request);
  }
  return lines(({ text }) => err(`${plain(text)}\n`), now, start, request);
}
