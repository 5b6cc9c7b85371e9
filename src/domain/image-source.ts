import type { Sourced } from './claim.ts';

/** How each kind of machine is had. */
export interface Images {
  /** Variant `qemu:built`. */
  readonly qemu?: BuiltImage;
  /** Variant `qemu:cloud`. */
  readonly cloud?: CloudImage;
  /** Variant `docker`. */
  readonly docker?: ContainerImage;
}

/** A machine image that mmdebstrap builds. */
export interface BuiltImage {
  readonly build: 'mmdebstrap';
  readonly suite: string;
  readonly components: readonly string[];
  /** Suites beside the release's own: `trixie-security` and the like, as lines of a sources.list. */
  readonly sources: readonly string[];
  /** Packages beside those of the parts. */
  readonly include: readonly string[];
  /** CPU features that QEMU's emulation gets wrong for this release's kernel; hardware KVM has them all. */
  readonly emulateWithout: readonly string[];
  /** Recommended packages that are left out, as they can't bear on a verdict. Recorded as a deviation. */
  readonly exclude: readonly string[];
}

/** A machine image that the distro publishes for clouds, or that a user brings. */
export interface CloudImage extends Sourced {
  /** An https URL, or a `file:` one; `{build}` is what `latest` finds. Missing: it has to be brought. */
  readonly url?: string;
  /** How the newest build is found: of all that `pattern` has as its first group in what `index` answers with, the latest version. */
  readonly latest?: { readonly index: string; readonly pattern: string };
  /** The publisher's file of checksums, with `{build}` as well. Required wherever there is an https URL. */
  readonly checksums?: string;
  /** The fingerprint of the OpenPGP key that `checksums` is signed by, and where the key is. */
  readonly signed?: {
    readonly by: string;
    readonly key: string;
    /** Of a detached signature; missing: the checksums are clear-signed. */
    readonly signature?: string;
  };
  readonly firmware: 'bios' | 'uefi' | 'both';
  /** As of a built image; missing: as of the release's. */
  readonly emulateWithout?: readonly string[];
  /** How a user gets an image that has no free URL, in words. */
  readonly bring?: string;
}

/** A container image: by its reference, or built from the recipe of `qemu` without its kernel. */
export interface ContainerImage extends Sourced {
  /** `docker.io/library/debian:trixie`; missing: it is built. */
  readonly reference?: string;
  /** From the same suite as the machine image. */
  readonly build?: 'mmdebstrap';
}

/** CPU features that an emulated machine of such an image does without. */
export function emulatedWithout({ qemu, cloud }: Images, kind: 'built' | 'cloud'): readonly string[] {
  const own = kind === 'cloud' ? cloud?.emulateWithout : undefined;
  return own ?? qemu?.emulateWithout ?? [];
}
