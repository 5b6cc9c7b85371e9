import type { Cell } from '../domain/cell.ts';
import { type Green, imageOf, kataOf } from '../domain/greens.ts';
import type { KataBuild } from '../domain/kata.ts';
import type { Run } from '../domain/run.ts';
import type { TryKind } from '../domain/truth-table.ts';
import type { Context } from './context.ts';
import { imagesAtHand } from './image-at-hand.ts';
import { replacedIn, whyNoKata } from './kata-at-hand.ts';
import { type Had, lastGoodKata, lastGoodPackages, type Packages } from './last-good.ts';
import { type Otherwise, type Rerun, type RerunOptions, rerunOf } from './rerun.ts';

/** One row of an investigation, before it is run. */
export type Plan = { readonly kind: TryKind; readonly what: string; readonly today?: true } & (
  | { readonly cannot: string }
  | { readonly rerun: Rerun; readonly cannot?: undefined }
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
    parts: readonly [Had<KataBuild | undefined>, Had<Packages>],
  ): Plan => {
    const [withKata, installed] = parts;
    if (withKata.cannot !== undefined || installed.cannot !== undefined) {
      const cannot = [withKata.cannot, installed.cannot].filter((words) => words !== undefined);
      return { kind, what, cannot: `cannot be had: ${cannot.join('; ')}` };
    }
    return { kind, what, rerun: rerunOf(run, cell, options, otherwise(withKata.value, installed.value)) };
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

function otherwise(build: KataBuild | undefined, packages?: Packages): Otherwise {
  return { ...packages, ...(build && { kata: { source: build.source, replace: replacedIn(build) } }) };
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

function presentImage(run: Run, cell: Cell, images: ReadonlySet<string>): Had<Packages> {
  const image = imageOf(run, cell);
  const what = 'its packages';
  if (image === undefined) {
    return { what, cannot: 'the run does not say which image its machine was made from' };
  }
  return images.has(image)
    ? { what, value: { image } }
    : { what, cannot: `its image ${image.slice(0, 12)} is not in the cache any more` };
}
