import { open } from 'node:fs/promises';
import type { Distro } from '../../../domain/distro.ts';
import { UserError } from '../../../errors.ts';
import type { Origin } from '../image-record.ts';
import { originOf } from './have-download.ts';
import type { Asking } from './publisher.ts';
import { type Source, sourceOf } from './source.ts';

/** What a release's machines are booted by: firmware that comes along with QEMU, wherever the image boots by that. */
export function firmwareFor({ images }: Pick<Distro, 'images'>): 'bios' | 'uefi' {
  return images.cloud?.firmware === 'uefi' ? 'uefi' : 'bios';
}

/** Throws a UserError (exit 3) where there is nothing to make an image of: the planner asked `offers` first. */
export function sourceIn({ id, images }: Distro, brought: Readonly<Record<string, string>>): Source {
  const source = sourceOf(images.cloud, brought[id]);
  if (!source) {
    throw new UserError(`cannot have an image of ${id}: ${whyNone({ id, images })}`, { exitCode: 3 });
  }
  return source;
}

/** Why a release has no cloud image by itself, and how one is brought. */
export function whyNone({ id, images: { cloud } }: Pick<Distro, 'id' | 'images'>): string {
  return cloud
    ? `its image has to be brought: ${cloud.bring}; then say --image ${id}=FILE`
    : `its file names no cloud image; bring one by --image ${id}=FILE`;
}

/** What is published now. Throws a UserError (exit 3) where that can't be asked, with what to do then. */
export async function newestOf({ id }: Distro, source: Source, asking: Asking): Promise<Origin> {
  try {
    return await originOf(id, source, asking);
  } catch (cause) {
    asking.signal.throwIfAborted();
    throw new UserError(
      `cannot ask whether ${id}'s image is out of date: ${(cause as Error).message}; say --offline to take it as it is`,
      { exitCode: 3, cause },
    );
  }
}

/** How an image came here, for the record. */
export function provenance(origin: Origin): readonly string[] {
  const { 'image.trust': trust, 'image.mirror': mirror, 'image.url': url = '' } = origin;
  switch (trust) {
    case 'user':
      return [`the image was brought by its user: ${url}; nobody vouches for it`];
    case 'release':
      return [`the image is a file that the release's file names: ${url}; nobody vouches for it`];
    default:
      return mirror === undefined ? [] : [`the image was had from a mirror: ${mirror}`];
  }
}

/** A file's first bytes. */
export async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const head = Buffer.alloc(512);
  const { bytesRead } = await file.read(head, 0, 512, 0);
  return head.subarray(0, bytesRead);
}
