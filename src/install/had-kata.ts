import type { KataBuild, KataPiece, KataRuntime } from '../domain/kata.ts';

/** Where what is in a Kata lies, as paths in the machine: `/opt/kata/libexec/virtiofsd`. */
export interface KataLayout {
  /** As its VERSION file says; `unknown` where it has none. */
  readonly version: string;
  readonly shims: Readonly<Partial<Record<KataRuntime, string>>>;
  /** The configuration files that it ships, by runtime and then by hypervisor: `qemu`, `clh`, `fc`, `dragonball`. */
  readonly configs: Readonly<Partial<Record<KataRuntime, Readonly<Record<string, string>>>>>;
  readonly pieces: Readonly<Partial<Record<KataPiece, string>>>;
}

/** A Kata in the cache of this host, ready to be put into machines. */
export interface HadKata {
  readonly build: KataBuild;
  readonly layout: KataLayout;
  /** A folder with `opt/kata` below it. Nobody writes to it. */
  readonly tree: string;
  /**
   * A gzipped tar of what stacks use of it, `opt/kata/…`, owned by root: unpacked at `/` it is installed. Made when
   * it is first asked for.
   */
  cargo(signal: AbortSignal): Promise<string>;
}
