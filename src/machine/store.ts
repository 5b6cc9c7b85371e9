import type { DistroId } from '../domain/distro.ts';

/** What is kept between runs: images, templates and machines by a provider; Katas. Safe for several farms at once. */
export interface Store {
  list(): Promise<readonly Stored[]>;
  /** Removes it whole, or not at all; `in use` where another process, a clone or a kept machine rests on it. */
  remove(item: Stored): Promise<'removed' | 'in use'>;
}

export interface Stored {
  readonly kind: 'image' | 'template' | 'kept' | 'kata';
  /** Unique among its kind: a digest, or for a kept machine what `keep` returned. */
  readonly id: string;
  /** Missing for a Kata, which is of no release. */
  readonly distro?: DistroId;
  /** What it is of, beyond its release, for people: a cell's id, a speed class, a version and its source. */
  readonly title: string;
  /** On disk, holes not counted. */
  readonly bytes: number;
  /** ISO 8601. */
  readonly madeAt: string;
  /** ISO 8601: when a run last started from it. */
  readonly usedAt: string;
  /** A process of this host is at work with it now, or something else in the store rests on it. */
  readonly inUse: boolean;
}
