import type { Distro } from '../../domain/distro.ts';
import { UserError } from '../../errors.ts';
import type { BootRequest, Machine } from '../../machine/machine.ts';
import { imagesWith } from './engine-images.ts';
import type { Kit } from './kit.ts';
import { label } from './labels.ts';

/** A container of a kept one's state. Throws a UserError where it is gone. */
export async function revive(kit: Kit, kept: string, request: BootRequest): Promise<Machine> {
  const [image] = await imagesWith(kit.docker, { [label.kind]: 'kept', [label.id]: kept });
  if (!image) {
    throw new UserError(`cannot go into ${kept}: it is gone from ${kit.engine.place.url}`);
  }
  await kit.marks.touch(kept);
  return await kit.start(image.engineId, { id: image.labels[label.distro] as Distro['id'] }, request);
}
