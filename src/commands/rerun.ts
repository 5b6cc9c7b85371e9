import { type Cell, cellOf } from '../domain/cell.ts';
import type { KataSource } from '../domain/kata.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PlannedCell } from '../domain/plan.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import { needsKata } from '../domain/scenario.ts';
import { UserError } from '../errors.ts';
import type { Replacement } from '../install/kata/replacement.ts';
import type { OverlayChoice } from '../install/overlay/parts.ts';
import { commandOf } from '../report/words.ts';
import { mannerOf } from './choice-of.ts';
import type { Context } from './context.ts';
import type { MachineOptions } from './options.ts';
import { perform } from './perform.ts';
import { repeatCommand } from './run-started.ts';
import { beginning, type Options } from './sitting.ts';
import { ensureTools } from './tools.ts';

/** What a person may say about runs that are made for an answer. */
export type RerunOptions = MachineOptions &
  Pick<Options, 'out' | 'jobs' | 'yes' | 'quiet' | 'verbose'> & { readonly trustFirst?: true };

/** What is otherwise than in the run that is done again. */
export interface Otherwise {
  readonly kata?: { readonly source: KataSource; readonly replace: readonly Replacement[] } | undefined;
  /** Digest of the image that the machine is made from. */
  readonly image?: string | undefined;
  /** Packages on top of the image, in place of the run's own. */
  readonly overlay?: Required<OverlayChoice> | undefined;
  /** A script that changes the machine, in place of the run's own. */
  readonly prepare?: string | undefined;
}

/** A run of one cell, and of what it rests on, as it is to be begun. */
export interface Rerun {
  readonly cell: Cell;
  readonly words: readonly string[];
  readonly options: Options;
  /** The command that does the same. */
  readonly command: string;
}

/** How one cell of a run is run again, as its command line said, with something otherwise. */
export function rerunOf(run: Run, cell: Cell, given: RerunOptions, otherwise: Otherwise = {}): Rerun {
  const { against: _, image: __, resume: ___, ...before } = mannerOf(run.command);
  const cells = [cell, ...groundsOf(run, cell)];
  const hasKata = cells.some(({ scenario }) => needsKata({ id: scenario }));
  const { kata, image, overlay, prepare } = otherwise;
  const options: Options = {
    ...before,
    ...overlay,
    ...(prepare !== undefined && { [before.prepareCold ? 'prepareCold' : 'prepare']: prepare }),
    ...said(given),
    stack: [...new Set(cells.map(({ stack }) => stack))],
    scenario: [...new Set(cells.map(({ scenario }) => scenario))],
    kata: [{ source: hasKata && kata ? kata.source : 'none' }],
    replace: hasKata && kata ? kata.replace : [],
    ...(image !== undefined && { image: { [cell.distro]: image } }),
  };
  const words = [cell.distro];
  return {
    cell: cellOf(cell.distro, cell.stack, cell.scenario),
    words,
    options,
    command: commandOf(repeatCommand(words, options)),
  };
}

/** Runs it; what it says of itself at its end goes nowhere, as whoever asked tells it. Throws where it can't be begun. */
export async function carryRerun(
  context: Context,
  { cell, words, options }: Rerun,
): Promise<{ readonly run: Run; readonly outcome?: Outcome }> {
  await ensureTools(context, { yes: options.yes ?? false });
  const { sitting } = await beginning(context, words, options);
  const isPlanned = sitting.planned.plan.batches.some(({ cells }) => cells.some(({ id }) => id === cell.id));
  if (!isPlanned) {
    const skipped = sitting.planned.plan.skipped.find((one) => one.cell.id === cell.id);
    throw new UserError(`cannot run ${cell.id} again: ${skipped?.because ?? 'it is in no plan any more'}`, {
      exitCode: 3,
    });
  }
  const run = await perform({ ...context, out: () => {} }, sitting, options);
  context.signal.throwIfAborted();
  const outcome = outcomeOf(run, cell.id);
  return { run, ...(outcome && { outcome }) };
}

/** What a cell rests on in its run, by however many steps. */
function groundsOf(run: Run, cell: Cell): readonly PlannedCell[] {
  const planned = new Map(
    run.plan.batches.flatMap(({ cells }) => cells.map((one) => [one.id, one] as const)),
  );
  const found = new Map<string, PlannedCell>();
  const visit = (one: PlannedCell | undefined) => {
    for (const ground of one?.restsOn ?? []) {
      const next = planned.get(ground);
      if (next && !found.has(ground)) {
        found.set(ground, next);
        visit(next);
      }
    }
  };
  visit(planned.get(cell.id));
  return [...found.values()];
}

/** The run's own manner holds where nothing else was said: its accelerator and mirror. */
function said(given: RerunOptions): Partial<Options> & Pick<Options, 'out' | 'retries' | 'keep'> {
  const { accel, mirror, allowExpiredMirror, offline, memory } = given;
  const { out, jobs, yes, quiet, verbose, trustFirst } = given;
  const machines = { mirror, allowExpiredMirror, offline, memory, ...(accel !== 'auto' && { accel }) };
  const manner = { jobs, yes, quiet, verbose, trustFirst };
  const named = Object.entries({ ...machines, ...manner }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(named), out, retries: 1, keep: 'never' };
}
