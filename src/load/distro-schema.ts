import { z } from 'zod';
import { type Arch, archs } from '../domain/arch.ts';
import type { PartClaim } from '../domain/claim.ts';
import { type Distro, type DistroId, packageManagers, type Ships } from '../domain/distro.ts';
import type { Images } from '../domain/image-source.ts';
import type { Part } from '../domain/stack.ts';
import { claimOf, claims, ships, sourcedBy, sources } from './claim-schema.ts';
import { cloudImage, cloudImageOf, containerImage, containerImageOf } from './cloud-schema.ts';
import { forChildren } from './editor-schema.ts';
import { builtImage, builtImageOf } from './image-schema.ts';
import { lifecycle, tracker, trackerOf } from './lifecycle-schema.ts';
import { toolchain, toolchainOf } from './toolchain-schema.ts';
import { line } from './words.ts';

/** The YAML as people write it. Strict: a misspelt key is a complaint, not a silence. */
export const DistroFile = z
  .strictObject({
    title: line('as people call it: Debian 13 (trixie)'),
    family: z.string().regex(/^[a-z][a-z0-9]*$/, { error: 'must be one lower-case word: debian' }),
    parent: line('another release, of which this file says only what differs').optional(),
    architectures: z.array(z.enum(archs)).min(1).default(['amd64']),
    'package-manager': z.enum(packageManagers),
    lsm: z.enum(['apparmor', 'selinux', 'none']).describe('the security module of a default install'),
    lifecycle,
    sources: sources.describe('where claims were read; `default` is for those that name none').default({}),
    parts: claims,
    toolchain: toolchain.default({}),
    images: z
      .strictObject({
        qemu: builtImage.optional(),
        cloud: cloudImage.optional(),
        docker: containerImage.optional(),
      })
      .describe('how each kind of machine is had'),
    repositories: z
      .array(line("where its packages are listed: a URL, or of apt's a line of a sources.list"))
      .min(1)
      .optional(),
    ships: ships.optional().describe('whether the packager of Kata agreed to ship it'),
    on: z
      .partialRecord(z.enum(archs), z.looseObject({}))
      .default({})
      .describe('what differs on an architecture: any of the keys above'),
    tracker: tracker.optional().describe('where its failures are reported'),
    notes: z.array(line('said beside a verdict, never instead of one')).default([]),
  })
  .superRefine(({ parts, images, sources: known }, context) => {
    const needed = Object.values(parts).flatMap((said) => ('package' in said ? said.package : []));

    for (const [index, name] of (images.qemu?.exclude ?? []).entries()) {
      if (needed.includes(name)) {
        const path = ['images', 'qemu', 'exclude', index];
        context.addIssue({ code: 'custom', path, message: `"${name}" is the package of a part` });
      }
    }
    for (const [part, { from, source }] of Object.entries(parts)) {
      if (source === undefined && !known[from ?? 'default']) {
        const path = ['parts', part, ...(from === undefined ? [] : ['from'])];
        const message =
          from === undefined ? 'has no source, and there is no `sources.default`' : 'is none of the sources';
        context.addIssue({ code: 'custom', path, message });
      }
    }
    if (images.docker?.build && !images.qemu) {
      const path = ['images', 'docker', 'build'];
      context.addIssue({ code: 'custom', path, message: 'has no recipe: images.qemu is missing' });
    }
  })
  .meta({ title: 'A release of a distribution, as katafarm reads it' });

export type DistroFile = z.infer<typeof DistroFile>;

/** The release that a checked file tells of, on one of its architectures. */
export function distroOf(id: DistroId, file: DistroFile, arch: Arch = 'amd64'): Distro {
  const { title, family, architectures, lsm, notes, tracker: where, sources: known } = file;
  const { rolling, source, released, eol, lts } = file.lifecycle;
  const parts = Object.fromEntries(
    Object.entries(file.parts).map(([part, said]): [string, PartClaim] => [part, claimOf(said, known)]),
  );

  return {
    id: arch === 'amd64' ? id : `${id}@${arch}`,
    ...{ title, family, arch, architectures },
    packageManager: file['package-manager'],
    lifecycle: { rolling, source, ...(released && { released }), ...(eol && { eol }), ...(lts && { lts }) },
    lsm,
    parts: parts as Record<Part, PartClaim>,
    toolchain: toolchainOf(file.toolchain),
    images: imagesOf(file),
    ...(file.repositories && { repositories: file.repositories }),
    ...(file.ships && { ships: shipsOf(file.ships, known) }),
    ...(where && { tracker: trackerOf(where) }),
    notes,
  };
}

function imagesOf({ images: { qemu, cloud, docker }, sources: known }: DistroFile): Images {
  return {
    ...(qemu && { qemu: builtImageOf(qemu) }),
    ...(cloud && { cloud: cloudImageOf(cloud, known) }),
    ...(docker && { docker: containerImageOf(docker, known) }),
  };
}

function shipsOf(said: z.infer<typeof ships>, known: z.infer<typeof sources>): Ships {
  const { agrees, maintainer, 'last-activity': lastActivity } = said;
  return {
    agrees,
    ...(maintainer && { maintainer }),
    ...(lastActivity && { lastActivity }),
    ...sourcedBy(said, known),
  };
}

/** The schema as editors read it: the text of `distros/distro.schema.json`. */
export function distroJsonSchema(): string {
  return `${JSON.stringify(forChildren(z.toJSONSchema(DistroFile, { io: 'input' })), null, 1)}\n`;
}
