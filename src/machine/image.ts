import type { Distro } from '../domain/distro.ts';

/** A release's disk and kernel, in the cache. */
export interface Image {
  /** sha256 over everything that went into it, and so its name in the cache. */
  readonly digest: string;
  /** ISO 8601: its packages are those of that moment. */
  readonly builtAt: string;
  readonly folder: string;
  readonly distro: Distro;
  /** Departures from the distro's default install, in words: recorded with each result. */
  readonly deviations: readonly string[];
  /** Package name to version, of everything installed. */
  readonly packages: Readonly<Record<string, string>>;
  /** Its machines boot by their own bootloader, after this; missing: by the kernel in its folder. */
  readonly firmware?: 'bios' | 'uefi';
  /** What it was made from, where somebody else published it: build, address, digest, as facts. */
  readonly origin?: Readonly<Record<string, string>>;
}
