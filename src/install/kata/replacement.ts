/** Pieces of which a build of one's own can be put in place of a Kata's. */
export const replaceable = ['shim', 'agent', 'virtiofsd', 'kernel'] as const;
export type Replaceable = (typeof replaceable)[number];

/** One `--replace PIECE=PATH`. */
export interface Replacement {
  readonly piece: Replaceable;
  readonly path: string;
}
