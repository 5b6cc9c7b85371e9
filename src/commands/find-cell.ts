import { dirname, resolve } from 'node:path';
import type { Run } from '../domain/run.ts';
import { UserError } from '../errors.ts';
import { nearest } from '../load/nearest.ts';
import { type TestedCell, testedStacks } from '../report/tested.ts';
import { katafarmOf } from '../report/words.ts';
import type { Context } from './context.ts';
import { type FoundRun, findRun, runsFolder } from './find-run.ts';
import { headsIn, readBackwards } from './run-heads.ts';

/** A cell of a run, and the run it was found in. */
export interface FoundCell extends FoundRun {
  readonly tested: TestedCell;
  /** That run and those before it that planned this cell, newest first, each read when it is asked for. */
  readonly backwards: () => AsyncGenerator<FoundRun>;
  /** A later run that saw it green, by its id. */
  readonly greenSince?: string;
}

interface Where {
  readonly run?: string | undefined;
  /** Where runs are; `$KATAFARM_OUT` or reports/runs unless given. */
  readonly out?: string | undefined;
}

/**
 * Finds a cell by its id: in the run that is named, else in the newest that knows it as anything but green; where
 * there is none, in the newest that ran it, that planned it, that skipped it. Throws a UserError with what may have been meant.
 */
export async function findCell(
  context: Pick<Context, 'cwd' | 'env' | 'err'>,
  id: string,
  { run, out }: Where = {},
): Promise<FoundCell> {
  const below = out === undefined ? runsFolder(context) : resolve(context.cwd, out);
  const named = run === undefined ? undefined : await findRun(context, run, below);
  const folder = named ? dirname(named.folder) : below;
  const heads = await headsIn(folder);

  if (named) {
    const tested = testedIn(named.run, id) ?? refuse(id, heldBy(named.run), `run ${named.run.id}`);
    const earlier = heads.filter(({ at, id: other }) => at <= named.run.startedAt && other !== named.run.id);
    return { ...named, tested, backwards: () => readBackwards(context, id, earlier, folder, named) };
  }

  let best: { found: FoundRun; tested: TestedCell } | undefined;
  let greenSince: string | undefined;
  for await (const found of readBackwards(context, id, heads, folder)) {
    const tested = testedIn(found.run, id);
    if (tested && rankOf(tested) > (best ? rankOf(best.tested) : -1)) {
      best = { found, tested };
    }
    if (tested && rankOf(tested) === worst) {
      break;
    }
    if (tested?.shown === 'passed') {
      greenSince ??= found.run.id;
    }
  }
  if (!best) {
    const known = heads.slice(0, 20).flatMap(({ cells }) => cells);
    return refuse(id, [...new Set(known)], `any run below ${folder}`);
  }
  const { found, tested } = best;
  const earlier = heads.filter((head) => head.at <= found.run.startedAt && head.id !== found.run.id);
  const isLater = tested.shown !== 'passed';
  return {
    ...found,
    tested,
    ...(isLater && greenSince !== undefined && { greenSince }),
    backwards: () => readBackwards(context, id, earlier, folder, found),
  };
}

/** The worse, the more there is to explain. */
const worst = 3;

function rankOf({ shown, outcome }: TestedCell): number {
  if (shown === 'passed') {
    return outcome?.status === 'passed' && outcome.flaky ? worst : 2;
  }
  if (shown === 'missing') {
    return 1;
  }
  return shown === 'skipped' ? 0 : worst;
}

function testedIn(run: Run, id: string): TestedCell | undefined {
  return testedStacks(run)
    .flatMap(({ cells }) => cells)
    .find(({ cell }) => cell.id === id);
}

function heldBy(run: Run): readonly string[] {
  return testedStacks(run).flatMap(({ cells }) => cells.map(({ cell }) => cell.id));
}

function refuse(id: string, known: readonly string[], where: string): never {
  throw new UserError(`cannot find cell ${JSON.stringify(id)} in ${where}: ${hintFor(id, known)}`);
}

function hintFor(id: string, known: readonly string[]): string {
  const near = nearest(id, known);
  if (near !== undefined) {
    return `did you mean "${near}"?`;
  }
  const parts = known.filter((cell) => `/${cell}/`.includes(`/${id}/`));
  if (parts.length > 0) {
    const more = parts.length > 5 ? ', …' : '';
    return `a cell is RELEASE/STACK/SCENARIO: ${parts.slice(0, 5).join(', ')}${more}`;
  }
  return known.length > 0
    ? `a cell is RELEASE/STACK/SCENARIO, like ${known[0]}; katafarm list runs says which runs there are`
    : `there is no run yet: make one with ${katafarmOf(['run'])}`;
}
