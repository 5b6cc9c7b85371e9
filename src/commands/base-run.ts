import { join } from 'node:path';
import type { Note } from '../domain/entry.ts';
import { outcomeOf, type Run } from '../domain/run.ts';
import { overlayWords } from '../install/overlay/parts.ts';
import type { Context } from './context.ts';
import { findRun } from './find-run.ts';
import { changedInputs } from './inputs.ts';
import { perform } from './perform.ts';
import { type Head, headsIn } from './run-heads.ts';
import { beginning, type Options, type Sitting } from './sitting.ts';

/** So many runs of the same cells are looked at for one that can stand for the base. */
const mostLooked = 10;

/**
 * The run without the overlay that `sitting` has: one that is there already and would come out the same, else one made
 * now, as `RUN-base` beside it.
 */
export async function baseOf(
  context: Context,
  words: readonly string[],
  options: Options,
  sitting: Sitting,
): Promise<Run> {
  const begun = await beginning(context, words, withoutOverlay(options));
  const had = options.fresh ? undefined : await thereAlready(context, begun.sitting, options.out);
  if (had) {
    // They were asked for their images, and no run lets go of them.
    await Promise.all(begun.sitting.planned.providers.map((one) => one[Symbol.asyncDispose]()));
    context.err(`the base is there already: ${had.id}, by the same command, of the same image\n`);
    return had;
  }
  const run = `${sitting.run}-base`;
  context.err(`first without ${overlayWords(options).join(', ')}: ${run}\n`);
  const opening = { ...begun.sitting.opening, run } as Note;
  const base = { ...begun.sitting, run, folder: join(options.out, run), opening };
  return await perform(context, base, begun.options);
}

function withoutOverlay({
  withPackage: _packages,
  withRepo: _repositories,
  enableRepo: _suites,
  ...options
}: Options): Options {
  return options;
}

async function thereAlready(context: Context, sitting: Sitting, out: string): Promise<Run | undefined> {
  const { batches } = sitting.planned.plan;
  const cells = batches.flatMap((batch) => batch.cells.map(({ id }) => id));
  const hasThem = (head: Head) => cells.every((id) => head.cells.includes(id));
  const heads = (await headsIn(out)).filter(hasThem).slice(0, mostLooked);
  for (const { name } of heads) {
    const found = await findRun(context, join(out, name), out).catch(() => undefined);
    if (found && isSame(found.run, sitting) && (await hasImages(context, found.run, sitting))) {
      return found.run;
    }
  }
  return undefined;
}

/** Whether a run came to a verdict in each cell, by the same command, on the same host, from the same files. */
function isSame(run: Run, { opening, planned: { plan } }: Sitting): boolean {
  if (opening.type !== 'run-started' || run.modified.join() !== opening.modified.join()) {
    return false;
  }
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const isSettled = plan.batches
    .flatMap(({ cells }) => cells)
    .every(({ id }) => ['passed', 'failed', 'blocked', 'skipped'].includes(outcomeOf(run, id)?.status ?? ''));
  return (
    run.endedAt !== undefined &&
    run.interrupted === undefined &&
    isSettled &&
    same(run.command, opening.command) &&
    same(run.host, opening.host) &&
    same(run.plan.katas ?? [], plan.katas ?? []) &&
    changedInputs(run.inputs, opening.inputs ?? {}, plan.batches).length === 0
  );
}

/** Whether the images that it was made from are those that would be taken now. */
async function hasImages(
  { signal }: Context,
  run: Run,
  { planned: { plan, distros, providers } }: Sitting,
): Promise<boolean> {
  for (const batch of plan.batches) {
    const distro = distros.find(({ id }) => id === batch.distro);
    const provider = providers.find(({ name }) => name === batch.provider);
    const image = distro && (await provider?.image(distro, () => {}, signal).catch(() => undefined));
    if (!image || run.batchFacts.get(batch.id)?.['image.digest'] !== image.digest) {
      return false;
    }
  }
  return true;
}
