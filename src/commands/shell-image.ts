import type { Distro } from '../domain/distro.ts';
import { UserError } from '../errors.ts';
import type { ImageChoice } from './add-image.ts';
import { digestsIn } from './brought.ts';
import type { Context } from './context.ts';
import { byPrefix, storedOf, storesOf } from './stored.ts';

/** The whole digest of the image that `--image` names of the cache; undefined where it names none. Throws a UserError for one that is not there. */
export async function wantedImage(
  context: Context,
  { id }: Distro,
  { image = {} }: ImageChoice,
): Promise<string | undefined> {
  const stray = Object.keys(image).find((release) => release !== id);
  if (stray !== undefined) {
    throw new UserError(`cannot use --image ${stray}=${image[stray]}: the machine is to be of ${id}`);
  }
  const [wanted] = digestsIn(image);
  if (!wanted) {
    return undefined;
  }
  const [, prefix] = wanted;
  await using stores = await storesOf(context);
  const { item } = byPrefix(await storedOf(stores.providers, 'image'), prefix, 'image');
  if (item.distro !== id) {
    throw new UserError(`cannot use --image ${id}=${prefix}: that image is of ${item.distro}`);
  }
  return item.id;
}
