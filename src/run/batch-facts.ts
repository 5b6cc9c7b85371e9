import { emulatedWithout } from '../domain/image-source.ts';
import type { Batch } from '../domain/plan.ts';
import type { Facts } from '../domain/result.ts';
import type { Speed, SpeedClass } from '../domain/speed.ts';
import type { Image, Proof, Template } from '../machine/machine.ts';
import type { Farm } from './farm.ts';
import { recordPackages } from './packages-file.ts';

/**
 * A run that is gone on with keeps its factors, and so its limits. Throws where machines are of another kind by now: what
 * they show could not stand beside what was seen before.
 */
export function speedAsBefore(measured: Speed, known: Facts | undefined): Speed {
  const before = known?.['accelerator'];
  if (before !== undefined && before !== measured.accelerator) {
    throw new Error(
      `cannot go on here: its machines ran by ${before}, and this host's run by ${measured.accelerator}; begin a new run`,
    );
  }
  const factor = known?.['speed.factor'];
  return typeof factor === 'number' ? { ...measured, factor } : measured;
}

/** Returns the image where it is the one that is known: cells of one batch are all about one. Throws where it is another. */
export function ensureSame(image: Image, known: Facts | undefined): Image {
  const before = known?.['image.digest'];
  if (before !== undefined && before !== image.digest) {
    throw new Error(
      `cannot go on with ${image.distro.id}: its image is not the one that the run began with; begin a new run`,
    );
  }
  return image;
}

/** Writes down what holds for all of a batch's cells: the image, and what was measured of its machines. */
export async function recordBatch(farm: Farm, batch: Batch, image: Image, speed: Speed): Promise<void> {
  const { parts } = image.distro;
  const packages = Object.values(parts).flatMap((claim) => ('package' in claim ? [claim.package] : []));
  const versions = [...new Set(packages)].flatMap((name) => {
    const version = image.packages[name];
    return version ? [[`package.${name}`, version] as const] : [];
  });

  const facts: Record<string, string | number> = {
    accelerator: speed.accelerator,
    speed: speed.class,
    'speed.factor': speed.factor,
    'speed.because': speed.because,
    'image.digest': image.digest,
    'image.built': image.builtAt,
    ...image.origin,
    ...Object.fromEntries(versions),
    ...Object.fromEntries(
      deviationsOf(image, speed, batch).map((text, index) => [`deviation.${index + 1}`, text]),
    ),
  };
  for (const [key, value] of Object.entries(facts)) {
    await farm.record({ type: 'fact', subject: batch.id, key, value });
  }
  await recordPackages(farm, image);
}

function deviationsOf(
  { deviations, distro }: Image,
  { accelerator }: Speed,
  { variant }: Pick<Batch, 'variant'>,
): readonly string[] {
  const without = emulatedWithout(distro.images, variant === 'qemu:cloud' ? 'cloud' : 'built');
  const emulated = variant.startsWith('qemu') && accelerator === 'tcg' && without.length > 0;
  return emulated ? [...deviations, `an emulated CPU without ${without.join(', ')}`] : deviations;
}

/** What was done to fit the template for freezing, beside what the image's recipe departs in. */
export async function recordTemplate(
  farm: Farm,
  batch: Batch,
  template: Template | undefined,
): Promise<void> {
  for (const [index, value] of (template?.deviations ?? []).entries()) {
    await farm.record({ type: 'fact', subject: batch.id, key: `deviation.template.${index + 1}`, value });
  }
}

/** Stage 2 settles the class that stage 1 could only promise. */
export async function recordProof(farm: Farm, batch: Batch, speed: Speed, proof: Proof): Promise<void> {
  const fact = (key: string, value: string | number) =>
    farm.record({ type: 'fact', subject: batch.id, key, value });
  await fact('speed', provenClass(speed, proof));
  if (proof.nestedMs !== undefined) {
    await fact('nested.ms', proof.nestedMs);
  }
  if (!proof.nested) {
    await fact('nested.because', proof.said || 'the inner guest said nothing');
  }
}

/** What a host's machines are worth once a guest inside a guest was tried. */
export function provenClass(speed: Speed, proof: Pick<Proof, 'nested'>): SpeedClass {
  if (proof.nested) {
    return speed.accelerator === 'kvm' ? 'kvm-nested' : 'tcg+svm';
  }
  return speed.accelerator === 'kvm' ? 'kvm' : 'none';
}
