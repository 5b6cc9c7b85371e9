import type { Distro } from '../domain/distro.ts';
import { type Overlay, overlayOf } from '../install/overlay/overlay.ts';
import { isOverlay, type OverlayChoice, overlayParts } from '../install/overlay/parts.ts';
import type { Context } from './context.ts';

/** The overlay that was asked for; undefined where none was. Throws a UserError for one that these releases can't take. */
export async function overlaidBy(
  { cwd }: Pick<Context, 'cwd'>,
  choice: OverlayChoice,
  distros: readonly Distro[],
): Promise<Overlay | undefined> {
  return isOverlay(choice) ? await overlayOf(await overlayParts(choice, distros, cwd)) : undefined;
}
