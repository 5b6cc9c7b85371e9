import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CellId } from '../domain/cell.ts';
import type { Facts } from '../domain/result.ts';
import type { Run } from '../domain/run.ts';
import type { Speed, SpeedClass } from '../domain/speed.ts';
import { UserError } from '../errors.ts';
import { parseJournal } from '../journal/parse.ts';
import { nearest } from '../load/nearest.ts';
import type { Machine } from '../machine/machine.ts';
import { machineRequest } from './bench-machine.ts';
import type { Context } from './context.ts';
import { findRun, runsFolder } from './find-run.ts';
import { type KeptCell, keptCells } from './kept-cells.ts';
import type { Workbench } from './workbench.ts';

interface Wanted {
  readonly run: string;
  readonly cell?: string;
  readonly attempt?: number;
  readonly out?: string;
}

/** A kept machine that can be gone into. */
export interface Revivable {
  readonly cell: CellId;
  readonly attempt: number;
  readonly start: (network: boolean) => Promise<Machine>;
}

/** Finds what a run kept of a cell. Throws a UserError where there is nothing, which says what there is. */
export async function reviveCell(context: Context, bench: Workbench, wanted: Wanted): Promise<Revivable> {
  const out = wanted.out ? resolve(context.cwd, wanted.out) : runsFolder(context);
  const { run, folder } = await findRun(context, wanted.run, out);
  const journal = join(folder, 'journal.jsonl');
  const { cell, attempt, kept } = chosen(
    run,
    keptCells(parseJournal(await readFile(journal, 'utf8'))),
    wanted,
  );

  const batch = run.plan.batches.find(({ cells }) => cells.some(({ id }) => id === cell));
  const provider = bench.providers.find(({ name }) => name === batch?.provider);
  const { revive } = provider ?? {};
  if (!batch || !provider || !revive) {
    throw new UserError(
      `cannot go into ${cell}: there is no provider ${batch?.provider} that keeps machines`,
      {
        exitCode: 3,
      },
    );
  }
  const there = await provider.store?.list();
  if (there && !there.some(({ kind, id }) => kind === 'kept' && id === kept)) {
    throw new UserError(
      `cannot go into ${cell}: its machine is not kept any more, as katafarm gc takes those older than 7 days; ` +
        `make it again: katafarm run ${cell.split('/')[0]} --scenario ${cell.split('/')[2]} --keep always`,
      { exitCode: 3 },
    );
  }
  const speed = speedOf(run.batchFacts.get(batch.id));
  return {
    cell,
    attempt,
    start: (network) =>
      revive.call(provider, kept, { ...machineRequest({ bench, batch, speed }, 'kept'), network }),
  };
}

/** The kept machine that is meant: the last of its cell, unless an attempt is named. */
function chosen(run: Run, all: readonly KeptCell[], { cell, attempt }: Wanted): KeptCell {
  if (all.length === 0) {
    throw new UserError(
      `cannot go into a machine of ${run.id}: it kept none; run again with --keep failed, or --keep always`,
    );
  }
  const cells = [...new Set(all.map((one) => one.cell))];
  const list = `it kept ${cells.join(', ')}`;
  if (cell === undefined) {
    throw new UserError(`cannot tell which machine of ${run.id} is meant: say --cell; ${list}`);
  }
  const own = all.filter((one) => one.cell === cell);
  if (own.length === 0) {
    const near = nearest(cell, cells);
    throw new UserError(
      `cannot go into ${cell}: ${run.id} kept no machine of it; ${near ? `did you mean ${near}?` : list}`,
    );
  }
  const found = own.findLast((one) => attempt === undefined || one.attempt === attempt);
  if (!found) {
    const numbers = own.map((one) => one.attempt).join(', ');
    throw new UserError(`cannot go into attempt ${attempt} of ${cell}: kept of it is attempt ${numbers}`);
  }
  return found;
}

/** As the run measured it: a kept machine goes on where it was, with the same accelerator. */
function speedOf(facts: Facts | undefined): Speed {
  const factor = Number(facts?.['speed.factor'] ?? 1);
  const accelerator = facts?.['accelerator'] === 'kvm' ? 'kvm' : 'tcg';
  return {
    class: (facts?.['speed'] ?? 'none') as SpeedClass,
    accelerator,
    factor,
    because: 'measured by its run',
  };
}
