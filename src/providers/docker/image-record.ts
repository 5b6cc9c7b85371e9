import { createHash } from 'node:crypto';
import type { Distro } from '../../domain/distro.ts';
import type { IndexSource } from '../../host/package-index.ts';
import type { Image } from '../../machine/machine.ts';
import type { EngineImage } from './engine-images.ts';
import { type Labels, label, packed, unpacked } from './labels.ts';

/** What stands in an image's label about it. */
export interface ImageRecord {
  readonly deviations: readonly string[];
  readonly packages: Readonly<Record<string, string>>;
  /** The archives that it was made from; missing for one that was pulled. */
  readonly index?: readonly IndexSource[];
}

/** Over all that went into it: its recipe, every package with its version, and what its making added to the record. */
export function digestOfImage(key: string, { deviations, packages }: ImageRecord): string {
  const sorted = Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([key, deviations, sorted]))
    .digest('hex');
}

/** The labels of a new image, but for its kind and id. */
export function imageLabels(distro: Distro, key: string, record: ImageRecord, now: Date): Labels {
  return {
    [label.distro]: distro.id,
    [label.key]: key,
    [label.made]: now.toISOString(),
    [label.record]: packed(record),
  };
}

/** An image as machines are made from it; undefined where its labels say too little. */
export function readImage({ labels }: EngineImage, distro: Distro): Image | undefined {
  const record = unpacked<ImageRecord>(labels[label.record]);
  const [digest, builtAt] = [labels[label.id], labels[label.made]];
  if (!record || !digest || !builtAt) {
    return undefined;
  }
  const { deviations, packages } = record;
  // It has no folder on this host: it is the engine's.
  return { digest, builtAt, folder: '', distro, deviations, packages };
}

/** From `NAME<TAB>VERSION` lines. */
export function packagesIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const [name, version] = line.split('\t');
    return name && version ? [[name, version] as const] : [];
  });
  return Object.fromEntries(pairs);
}
