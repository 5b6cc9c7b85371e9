import type { Cell } from '../domain/cell.ts';
import { type Green, imageOf, kataOf } from '../domain/greens.ts';
import type { KataBuild } from '../domain/kata.ts';
import { overlayIn } from '../domain/overlay.ts';
import type { Run } from '../domain/run.ts';
import type { OverlayChoice } from '../install/overlay/parts.ts';
import { kataTitle } from '../report/kata-words.ts';
import { overlayOf } from './choice-of.ts';
import type { Context } from './context.ts';
import { whyNoKata } from './kata-at-hand.ts';
import type { RerunOptions } from './rerun.ts';

/** Something to put back: at hand, or why it is not. */
export type Had<T> = { readonly what: string } & (
  | { readonly cannot: string }
  | { readonly value: T; readonly cannot?: undefined }
);

/** What a machine has installed: its image, and what else was put on top where that is not as the red run had it. */
export interface Packages {
  readonly image: string;
  readonly overlay?: Required<OverlayChoice>;
}

/** The newest that is still to be had counts; where none is, the newest says why. */
export async function lastGoodKata(
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
      return { what: `${what} (${kataTitle(kata)}, green in ${green.id})`, value: kata };
    }
    first ??= cannot;
  }
  return { what, cannot: first ?? noGreen(greens, 'another Kata') };
}

/** The same of packages. Those of the same image count where they had less put on top. */
export function lastGoodPackages(
  run: Run,
  cell: Cell,
  greens: readonly Green[],
  images: ReadonlySet<string>,
): Had<Packages> {
  const what = 'the last good packages';
  const own = imageOf(run, cell);
  const putOn = (one: Run) => overlayIn(run).filter((piece) => !overlayIn(one).includes(piece));
  const others = greens.filter(
    (one) => one.image !== undefined && (one.image !== own || putOn(one.run).length > 0),
  );
  const had = others.find(({ image = '' }) => images.has(image));
  if (had?.image !== undefined) {
    const { image, run: green } = had;
    const pieces = overlayIn(green).length > 0 ? putOn(green).join(', ') : 'the overlay';
    const without = putOn(green).length > 0 ? ` without ${pieces}` : '';
    return {
      what: `${what} (image ${image.slice(0, 12)}${without}, green in ${green.id})`,
      value: { image, overlay: overlayOf(green.command) },
    };
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
