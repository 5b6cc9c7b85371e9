import { type Command, Option } from 'commander';
import type { BatchId } from '../domain/plan.ts';
import type { Facts } from '../domain/result.ts';
import { UserError } from '../errors.ts';
import type { Context } from './context.ts';
import { imageAtHand } from './image-at-hand.ts';
import type { Planned } from './planned.ts';
import { byPrefix, storedOf } from './stored.ts';

/** Which images of the cache machines are made from, in place of the newest: digests by release. */
export interface ImageChoice {
  readonly image?: Readonly<Record<string, string>>;
}

/** Adds `--image`: read it as {@link ImageChoice}. */
export function addImage(command: Command): Command {
  return command.addOption(
    new Option(
      '--image <release=digest>',
      'the packages of an earlier run: an image that the cache still has (katafarm image list)',
    )
      .argParser(imageDigests)
      .conflicts('fresh'),
  );
}

/** As they can be typed again. */
export function imageWords({ image = {} }: ImageChoice): readonly string[] {
  return Object.entries(image).flatMap(([release, digest]) => ['--image', `${release}=${digest}`]);
}

/** Collects `--image RELEASE=DIGEST`. */
function imageDigests(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, release, digest] = /^([a-z][\w.-]*-[\w.]+)=([0-9a-f]{6,64})$/.exec(text) ?? [];
  if (release === undefined || digest === undefined) {
    throw new UserError(
      `cannot read --image "${text}": say RELEASE=DIGEST, as in debian-13=6108c05e7bf3; katafarm image list has both`,
    );
  }
  if (before[release] !== undefined) {
    throw new UserError(`cannot use --image "${text}": ${release} has one already; leave one of them out`);
  }
  return { ...before, [release]: digest };
}

/** The same as facts of batches, whole. Throws a UserError for an image that is not there, or of another release. */
export async function chosenImages(
  context: Context,
  { image = {} }: ImageChoice,
  { plan: { batches }, distros, providers }: Pick<Planned, 'plan' | 'distros' | 'providers'>,
): Promise<ReadonlyMap<BatchId, Facts>> {
  const chosen = Object.entries(image);
  const stored = chosen.length > 0 ? await storedOf(providers, 'image') : [];
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
      if (!(await imageAtHand(context, distro, item.id))) {
        throw new UserError(
          `cannot use ${said}: it is damaged, or an older katafarm made it; take another one of katafarm image list`,
          { exitCode: 3 },
        );
      }
      return [batch.id, { 'image.digest': item.id }] as const;
    }),
  );
  return new Map(known);
}
