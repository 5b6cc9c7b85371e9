import { z } from 'zod';
import { type PartClaim, type Sourced, trusts } from '../domain/claim.ts';
import type { Part } from '../domain/stack.ts';
import { packageName } from './image-schema.ts';
import { line } from './words.ts';

const sourced = {
  source: line('where it was read, and when'),
  trust: z.enum(trusts).describe("tested in the farm's machines, read in the source itself, or neither"),
};

/** Sources by a short name, which a claim gives as its `from`; those that give none are from `default`. */
export const sources = z.record(
  z.string().regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a short name: index' }),
  z.strictObject(sourced),
);

/** How every claim says where it is from: by the name of one of the file's sources, or in its own words. */
export const origin = {
  from: z.string().optional().describe("the name of one of this file's sources; else it is from `default`"),
  source: sourced.source.optional(),
  trust: sourced.trust.optional(),
};

const absolutePath = z
  .string()
  .regex(/^\/\S+$/, { error: 'must be an absolute path, as it is in the installed system' });

const packaged = z.strictObject({
  package: packageName.describe('the package that owns the binary'),
  path: absolutePath.describe(
    "the binary's path; the kernel's is a prefix that its release follows (/boot/vmlinuz-), or whole",
  ),
  version: line('the version that the source told of').optional(),
  maintainer: line('who maintains the package').optional(),
  ...origin,
});

const notPackaged = z.strictObject({
  'not-packaged': z
    .string()
    .regex(/searched \d{4}-\d{2}-\d{2}\b/, {
      error: 'must say where it was searched, and when: "…, searched 2026-11-21"',
    })
    .describe('where it was searched, and when: "main, searched 2026-11-21"'),
  ...origin,
});

const unknown = z.strictObject({ unknown: line('why nobody knows'), ...origin });

export const claim = z.union([packaged, notPackaged, unknown]);

/** Every part is stated, packaged or not: what is silently absent is nobody's claim. */
export const claims = z.strictObject({
  kernel: claim,
  qemu: claim,
  'cloud-hypervisor': claim,
  firecracker: claim,
  virtiofsd: claim,
  containerd: claim,
  runc: claim,
  docker: claim,
  nerdctl: claim,
  'cri-o': claim,
  kata: claim,
} satisfies Record<Part, typeof claim>);

/** Whether Kata's packager there agreed to ship it: the open question of 2020. */
export const ships = z.strictObject({
  agrees: z.enum(['yes', 'no', 'unknown']),
  maintainer: line('who packages Kata there').optional(),
  'last-activity': z.iso.date({ error: 'must be a date like 2028-08-09' }).optional(),
  ...origin,
});

/** A claim's origin, as it is written. */
export interface Origin {
  readonly from?: string | undefined;
  readonly source?: string | undefined;
  readonly trust?: Sourced['trust'] | undefined;
}

/** Where a claim is from: its own words come before the source that it names. */
export function sourcedBy(said: Origin, known: z.infer<typeof sources>): Sourced {
  const named = known[said.from ?? 'default'];
  return {
    source: said.source ?? named?.source ?? 'nobody wrote down where',
    trust: said.trust ?? (said.source === undefined ? named?.trust : undefined) ?? 'unverified',
  };
}

export function claimOf(said: z.infer<typeof claim>, known: z.infer<typeof sources>): PartClaim {
  const origin = sourcedBy(said, known);
  if ('not-packaged' in said) {
    return { notPackaged: said['not-packaged'], ...origin };
  }
  if ('unknown' in said) {
    return { unknown: said.unknown, ...origin };
  }
  const { version, maintainer } = said;
  return {
    ...{ package: said.package, path: said.path },
    ...(version !== undefined && { version }),
    ...(maintainer !== undefined && { maintainer }),
    ...origin,
  };
}
