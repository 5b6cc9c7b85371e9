import type { Cell } from '../domain/cell.ts';
import { type Green, imageOf, kataOf } from '../domain/greens.ts';
import type { KataBuild } from '../domain/kata.ts';
import type { Run } from '../domain/run.ts';
import type { TryKind } from '../domain/truth-table.ts';
import type { Context } from './context.ts';
import { imagesAtHand } from './image-at-hand.ts';
import { replacedIn, whyNoKata } from './kata-at-hand.ts';
import { type Otherwise, type Rerun, type RerunOptions, rerunOf } from './rerun.ts';

/** One row of an investigation, before it is run. */
export type Plan = { readonly kind: TryKind; readonly what: string; readonly today?: true } & (
  | { readonly cannot: string }
  | { readonly rerun: Rerun; readonly cannot?: undefined }
);

/** Something to put back: at hand, or why it is not. */
type Had<T> = { readonly what: string } & (
  | { readonly cannot: string }
  | { readonly value: T; readonly cannot?: undefined }
);

/** What is to be tried of a red cell: again as it was, with what it was last green with, one by one and together. */
export async function investigationOf(
  context: Context,
  { run, cell, greens }: { readonly run: Run; readonly cell: Cell; readonly greens: readonly Green[] },
  options: RerunOptions,
): Promise<readonly Plan[]> {
  const images = await imagesAtHand(context, cell.distro, [
    imageOf(run, cell),
    ...greens.map(({ image }) => image),
  ]);
  const ownKata = await presentKata(context, run, cell, options);
  const ownImage = presentImage(run, cell, images);
  const kata = await lastGoodKata(context, { run, cell, greens }, options);
  const packages = lastGoodPackages(run, cell, greens, images);

  const plan = (
    kind: TryKind,
    what: string,
    parts: readonly [Had<KataBuild | undefined>, Had<string>],
  ): Plan => {
    const [withKata, withImage] = parts;
    if (withKata.cannot !== undefined || withImage.cannot !== undefined) {
      const cannot = [withKata.cannot, withImage.cannot].filter((words) => words !== undefined);
      return { kind, what, cannot: `cannot be had: ${cannot.join('; ')}` };
    }
    return { kind, what, rerun: rerunOf(run, cell, options, otherwise(withKata.value, withImage.value)) };
  };
  return [
    ownImage.cannot === undefined || ownKata.cannot !== undefined
      ? plan('again', 'again as it was', [ownKata, ownImage])
      : {
          kind: 'again',
          what: 'again, with the packages of today (those it had are gone)',
          today: true,
          rerun: rerunOf(run, cell, options, otherwise(ownKata.value)),
        },
    plan('kata', kata.what, [kata, ownImage]),
    plan('packages', packages.what, [ownKata, packages]),
    plan('both', 'both', [kata, packages]),
  ];
}

function otherwise(build: KataBuild | undefined, image?: string): Otherwise {
  return { image, ...(build && { kata: { source: build.source, replace: replacedIn(build) } }) };
}

async function presentKata(
  context: Context,
  run: Run,
  cell: Cell,
  options: RerunOptions,
): Promise<Had<KataBuild | undefined>> {
  const value = kataOf(run, cell);
  const cannot = value && (await whyNoKata(context, value, options));
  return cannot === undefined ? { what: 'its Kata', value } : { what: 'its Kata', cannot };
}

function presentImage(run: Run, cell: Cell, images: ReadonlySet<string>): Had<string> {
  const value = imageOf(run, cell);
  const what = 'its packages';
  if (value === undefined) {
    return { what, cannot: 'the run does not say which image its machine was made from' };
  }
  return images.has(value)
    ? { what, value }
    : { what, cannot: `its image ${value.slice(0, 12)} is not in the cache any more` };
}

/** The newest that is still to be had counts; where none is, the newest says why. */
async function lastGoodKata(
  context: Context,
  { run, cell, greens }: { readonly run: Run; readonly cell: Cell; readonly greens: readonly Green[] },
  options: RerunOptions,
): Promise<Had<KataBuild | undefined>> {
  const what = 'the last good Kata';
  const own = kataOf(run, cell);
  if (!own) {
    return { what, cannot: 'this cell has no Kata in it' };
  }
  const others = greens.filter(({ kata }) => kata && kata.digest !== own.digest);
  let first: string | undefined;
  for (const { kata, run: green } of others) {
    const cannot = kata && (await whyNoKata(context, kata, options));
    if (kata && cannot === undefined) {
      return { what: `${what} (${kata.version}, ${kata.source}, green in ${green.id})`, value: kata };
    }
    first ??= cannot;
  }
  return { what, cannot: first ?? noGreen(greens, 'another Kata') };
}

function lastGoodPackages(
  run: Run,
  cell: Cell,
  greens: readonly Green[],
  images: ReadonlySet<string>,
): Had<string> {
  const what = 'the last good packages';
  const own = imageOf(run, cell);
  const others = greens.filter(({ image }) => image !== undefined && image !== own);
  const had = others.find(({ image = '' }) => images.has(image));
  if (had?.image !== undefined) {
    return { what: `${what} (image ${had.image.slice(0, 12)}, green in ${had.run.id})`, value: had.image };
  }
  const [gone] = others;
  return {
    what,
    cannot: gone?.image
      ? `image ${gone.image.slice(0, 12)}, on which it was green in ${gone.run.id}, is not in the cache any more`
      : noGreen(greens, 'other packages'),
  };
}

function noGreen(greens: readonly Green[], other: string): string {
  const [newest] = greens;
  return newest
    ? `no earlier run here has it green with ${other} (${newest.run.id} has it green with the same)`
    : 'no earlier run here has it green';
}
