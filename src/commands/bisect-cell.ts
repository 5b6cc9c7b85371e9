import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Cell } from '../domain/cell.ts';
import { packageChanges } from '../domain/changes.ts';
import type { DistroId } from '../domain/distro.ts';
import { imageOf, kataOf } from '../domain/greens.ts';
import { isKernel, suspectsAmong } from '../domain/halving.ts';
import type { Run } from '../domain/run.ts';
import { shadeOf } from '../domain/truth-table.ts';
import { UserError } from '../errors.ts';
import { type PutBack, putBackScript } from '../install/put-back.ts';
import type { BisectOptions, GoodAndBad } from './bisect.ts';
import { mannerOf } from './choice-of.ts';
import type { Context } from './context.ts';
import { jsonOf } from './explain.ts';
import { halve, saidBy, wordOf } from './halve.ts';
import { imagesAtHand } from './image-at-hand.ts';
import { installedThere } from './installed.ts';
import { replacedIn, whyNoKata } from './kata-at-hand.ts';
import { carryRerun, type Rerun, rerunOf } from './rerun.ts';

/** Runs a red cell again with packages put back: those that were named, or halves of what changed. */
export async function bisectCell(
  context: Context,
  { good, bad }: GoodAndBad,
  id: string,
  options: BisectOptions,
): Promise<void> {
  const cell = redCell(bad.run, id);
  const image = await presentImage(context, bad.run, cell);
  const [before, after] = [await installedThere(context, good), await installedThere(context, bad)];
  const [was, is] = [before.get(cell.distro), after.get(cell.distro)];
  const suspects = was && is ? suspectsAmong(packageChanges(was, is)) : undefined;
  const build = kataOf(bad.run, cell);
  const cannot = build && (await whyNoKata(context, build, options));
  if (cannot !== undefined) {
    throw new UserError(`cannot run ${id} as it was: ${cannot}`, { exitCode: 3 });
  }

  const rerunWith = async (packages: readonly PutBack[]) => {
    const text = await scriptFor(context, bad.run, packages);
    const name = `put-back-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.sh`;
    // Beside the runs, so that the command which a run wrote down can be said again.
    const prepare = join(options.out, `bisect-of-${bad.run.id}`, name);
    if (!options.dryRun) {
      await mkdir(dirname(prepare), { recursive: true });
      await writeFile(prepare, text);
    }
    const kata = build && { source: build.source, replace: replacedIn(build) };
    return rerunOf(bad.run, cell, options, { image, prepare, kata });
  };
  if (!options.halve) {
    const packages = (options.putBack ?? []).map((one) => versioned(one, was, cell.distro));
    return await putBack(context, cell, packages, await rerunWith(packages), options);
  }
  if (!suspects) {
    throw new UserError(
      `cannot halve what changed on ${cell.distro}: not both runs wrote all their packages down, and their images are not both in the cache`,
    );
  }
  return await halve(context, cell, suspects, rerunWith, options);
}

/** What the run's own script did to its machines comes after what is put back. */
async function scriptFor({ cwd }: Context, { command }: Run, packages: readonly PutBack[]): Promise<string> {
  const { prepare, prepareCold } = mannerOf(command);
  const own = prepare ?? prepareCold;
  if (own === undefined) {
    return putBackScript(packages);
  }
  const text = await readFile(resolve(cwd, own), 'utf8').catch((cause: unknown) => {
    throw new UserError(
      `cannot read ${own}, by which the bad run changed its machines: run from where it was`,
      { cause },
    );
  });
  return `${putBackScript(packages)}\n${text}`;
}

async function putBack(
  context: Context,
  { id }: Cell,
  packages: readonly PutBack[],
  rerun: Rerun,
  { dryRun, json }: BisectOptions,
): Promise<void> {
  const words = packages.map(wordOf).join(' ');
  if (dryRun) {
    context.out(`with ${words}: ${rerun.command}\n`);
    return;
  }
  const { run, outcome } = await carryRerun(context, rerun);
  const shade = shadeOf({ ...(outcome && { outcome }) });
  const value = { cell: id, putBack: words, run: run.id, outcome };
  context.out(
    json
      ? jsonOf(value)
      : `${id} is ${shade === 'open' ? 'without a verdict' : shade} with ${words} put back (${run.id})${saidBy(outcome)}\n`,
  );
  context.exit(shade === 'open' ? 3 : 0);
}

function redCell({ id: run, plan, results }: Run, id: string): Cell {
  const cell = plan.batches.flatMap(({ cells }) => cells).find((one) => one.id === id);
  const status = cell && results.get(cell.id)?.outcome?.status;
  if (!cell || status !== 'failed') {
    throw new UserError(
      `cannot bisect ${id}: it is ${cell ? `${status ?? 'missing'}, not red,` : 'not'} in ${run}`,
    );
  }
  return cell;
}

async function presentImage(context: Context, run: Run, cell: Cell): Promise<string> {
  const image = imageOf(run, cell);
  if (image === undefined || !(await imagesAtHand(context, cell.distro, [image])).has(image)) {
    throw new UserError(
      `cannot run ${cell.id} as it was: the image of ${run.id} (${image?.slice(0, 12) ?? 'not known'}) is not in the cache any more`,
      { exitCode: 3 },
    );
  }
  return image;
}

function versioned(
  { name, version }: PutBack,
  was: Readonly<Record<string, string>> | undefined,
  release: DistroId,
): PutBack {
  if (isKernel(name)) {
    throw new UserError(
      `cannot put ${name} back: the machine has booted with its kernel before; run on the good run's image, by --image ${release}=DIGEST`,
    );
  }
  const known = version ?? was?.[name];
  if (known === undefined) {
    throw new UserError(
      `cannot put ${name} back: ${was ? 'the good run did not have it' : "the good run's packages are not known"}; say ${name}=VERSION`,
    );
  }
  return { name, version: known };
}
