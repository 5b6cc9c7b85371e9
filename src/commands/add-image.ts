import { type Command, Option } from 'commander';
import type { BatchId } from '../domain/plan.ts';
import type { Facts } from '../domain/result.ts';
import { UserError } from '../errors.ts';
import { digestsIn, type ImageWords, imageWord } from './brought.ts';
import type { Context } from './context.ts';
import { imageAtHand } from './image-at-hand.ts';
import type { Planned } from './planned.ts';
import { byPrefix, storedOf, storesOf } from './stored.ts';

/** Which images machines are made from, in place of the newest: of the cache, or brought by the user. */
export interface ImageChoice {
  readonly image?: ImageWords;
}

/** Adds `--image`: read it as {@link ImageChoice}. */
export function addImage(command: Command): Command {
  return command.addOption(
    new Option(
      '--image <release=what>',
      'the packages of an earlier run: the digest of an image that the cache still has (katafarm image list); or a cloud image of your own: its file',
    )
      .argParser(imageWord)
      .conflicts('fresh'),
  );
}

/** As they can be typed again. */
export function imageWords({ image = {} }: ImageChoice): readonly string[] {
  return Object.entries(image).flatMap(([release, digest]) => ['--image', `${release}=${digest}`]);
}

/** The same as facts of batches, whole. Throws a UserError for an image that is not there, or of another release. */
export async function chosenImages(
  context: Context,
  { image = {} }: ImageChoice,
  { plan: { batches }, distros }: Pick<Planned, 'plan' | 'distros'>,
): Promise<ReadonlyMap<BatchId, Facts>> {
  const stray = Object.keys(image).find((release) => !batches.some(({ distro }) => distro === release));
  if (stray !== undefined) {
    throw new UserError(`cannot use --image ${stray}=${image[stray]}: no cell of ${stray} is to be run`);
  }
  const chosen = digestsIn(image);
  await using stores = chosen.length > 0 ? await storesOf(context) : undefined;
  const stored = stores ? await storedOf(stores.providers, 'image') : [];
  const known = await Promise.all(
    chosen.map(async ([release, prefix]) => {
      const said = `--image ${release}=${prefix}`;
      const batch = batches.find(({ distro }) => distro === release);
      const distro = distros.find(({ id }) => id === release);
      if (!batch || !distro) {
        throw new UserError(`cannot use ${said}: no cell of ${release} is to be run`);
      }
      const { item } = byPrefix(stored, prefix, 'image');
      if (item.distro !== release) {
        throw new UserError(`cannot use ${said}: that image is of ${item.distro}`);
      }
      if (!(await imageAtHand(context, distro, item.id, batch.provider))) {
        throw new UserError(
          `cannot use ${said}: it is damaged, of another variant than ${batch.variant} (--provider), or an older katafarm made it; take another one of katafarm image list`,
          { exitCode: 3 },
        );
      }
      return [batch.id, { 'image.digest': item.id }] as const;
    }),
  );
  return new Map(known);
}
