/** Where a claim was read, and how far it is trusted. */
export interface Sourced {
  readonly source: string;
  readonly trust: Trust;
}

/**
 * `tested`: seen in a machine of the farm's. `read`: read in the source that is named, which is the distro's or the
 * publisher's own. `unverified`: from memory, at second hand, or true of a parent and not looked up for the child.
 */
export type Trust = (typeof trusts)[number];

export const trusts = ['tested', 'read', 'unverified'] as const;

/** What the distro packages, the statement that it does not, or that nobody knows. */
export type PartClaim = Packaged | NotPackaged | Unknown;

export interface Packaged extends Sourced {
  /** The package that owns the binary. */
  readonly package: string;
  /** The binary's path in an installed system. The kernel's is a prefix that its release follows, or whole. */
  readonly path: string;
  /** The version that the source told of; machines tell their own. */
  readonly version?: string;
  /** Who maintains the package, as the source names them. */
  readonly maintainer?: string;
}

export interface NotPackaged extends Sourced {
  /** Where it was searched, and when. */
  readonly notPackaged: string;
}

export interface Unknown extends Sourced {
  /** Why nobody knows, in words. */
  readonly unknown: string;
}

export function isPackaged(claim: PartClaim): claim is Packaged {
  return 'package' in claim;
}

/** Whether somebody looked, and it is not there. */
export function isNotPackaged(claim: PartClaim): claim is NotPackaged {
  return 'notPackaged' in claim;
}
