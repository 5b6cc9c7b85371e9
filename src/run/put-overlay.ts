import { isPackaged } from '../domain/claim.ts';
import { changeFact, packagesWith } from '../domain/overlay.ts';
import type { Overlay, OverlayResult } from '../install/overlay/overlay.ts';
import type { BootRequest, Machine } from '../machine/machine.ts';
import type { TemplateGround } from './batch-templates.ts';
import type { Farm } from './farm.ts';
import { onMachine } from './on-machine.ts';
import { recordPackages } from './packages-file.ts';

/** Puts an overlay into a machine that is up; what was said is kept beside the machine's console. */
export async function putOverlay(
  farm: Farm,
  { batch, image }: TemplateGround,
  overlay: Overlay,
  machine: Machine,
  { logs, signal }: Pick<BootRequest, 'logs' | 'signal'>,
): Promise<OverlayResult> {
  const site = { batch: batch.id, machine, logs, name: 'overlay', signal };
  return await onMachine(farm, site, async (guest) => overlay.apply(guest, (await image()).distro));
}

/** Writes down what it changed. Versions are from then on those that machines really have, in the file of packages as well. */
export async function recordOverlay(
  farm: Farm,
  { batch: { id, distro }, image }: Pick<TemplateGround, 'batch' | 'image'>,
  { changes, leftOut }: OverlayResult,
): Promise<void> {
  const parts = Object.values(farm.distros.get(distro)?.parts ?? {}).filter(isPackaged);
  const names = new Set(parts.map((part) => part.package));
  const left = leftOut.map((value, index) => ({ key: `overlay.left-out.${index + 1}`, value }));
  const now = changes.flatMap(({ name, to }) =>
    names.has(name) && to !== undefined ? [{ key: `package.${name}`, value: to }] : [],
  );
  for (const fact of [...changes.map(changeFact), ...left, ...now]) {
    await farm.record({ type: 'fact', subject: id, ...fact });
  }
  const had = await image();
  const overlaid = changes.map(({ name }) => name);
  await recordPackages(farm, { ...had, packages: packagesWith(had.packages, changes) }, overlaid);
}
