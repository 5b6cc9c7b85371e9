import type { StackId } from './stack.ts';

/** Where a Kata comes from: nowhere, the distro's own package, a release, a tarball, a tree, a pull request. */
export type KataSource =
  | 'none'
  | 'distro'
  | `upstream:${string}`
  | `file:${string}`
  | `dir:${string}`
  | `pr:${number}`;

/** One `--kata [LABEL=]SOURCE`. The first of a run has no label: its cells are named without one. */
export interface KataRequest {
  readonly label?: string;
  readonly source: KataSource;
}

/** Under which the base of `--against` is run: its cells are `RELEASE/STACK~against/SCENARIO`. */
export const againstLabel = 'against';

/** Which of Kata's two runtimes: Rust (`runtime-rs`, the default since 4.0) or Go. */
export type KataRuntime = 'rust' | 'go';

/** What may be in a Kata, and a stack or scenario may ask for. */
export const kataPieces = [
  'shim',
  'qemu',
  'cloud-hypervisor',
  'firecracker',
  'virtiofsd',
  'kernel',
  'vmlinux',
  'image',
  'initrd',
  'dragonball',
  'kata-runtime',
  'kata-ctl',
] as const;
export type KataPiece = (typeof kataPieces)[number];

/**
 * By what a Kata's bytes were known before their first use: a digest in this repository, the publisher's checksum, the
 * release API's digest; nothing (`first-use`); or they are the user's own files (`local`), a distro's package (`package`).
 */
export type KataTrust = 'pinned' | 'checksum' | 'release-api' | 'first-use' | 'local' | 'package';

/** A Kata that is at hand, as plans and journals know it. */
export interface KataBuild {
  readonly label?: string;
  readonly source: KataSource;
  /** `4.1.0`, as its VERSION file says; `unknown` where it has none. */
  readonly version: string;
  /** sha256 over what is in it, replaced pieces included; the name of its tree in the cache. */
  readonly digest: string;
  readonly trust: KataTrust;
  /** Rust before Go, where it has both. */
  readonly runtimes: readonly KataRuntime[];
  readonly pieces: readonly KataPiece[];
  /** Pieces that `--replace` put in place of its own, `shim=PATH`: such a run is never published. */
  readonly replaced: readonly string[];
}

/** What a stack takes from Kata, whatever its shim; the rest is the distro's. */
export function piecesOf(stack: StackId): readonly KataPiece[] {
  switch (stack) {
    case 'host':
    case 'runc':
      return [];
    case 'qemu':
    case 'clh':
      return ['shim', 'kernel'];
    case 'qemu+distro-kernel':
    case 'clh+distro-kernel':
      return ['shim', 'initrd'];
    case 'firecracker':
      return ['shim', 'vmlinux'];
    case 'qemu.upstream':
      return ['shim', 'kernel', 'qemu', 'virtiofsd'];
    case 'clh.upstream':
      return ['shim', 'kernel', 'cloud-hypervisor', 'virtiofsd'];
    case 'dragonball':
      return ['shim', 'dragonball'];
    default:
      return stack satisfies never;
  }
}
