import { z } from 'zod';
import type { Distro, DistroId, PartClaim, Tracker } from '../domain/distro.ts';
import type { Part } from '../domain/stack.ts';
import { builtImage, builtImageOf, packageName } from './image-schema.ts';

const line = (what: string) => z.string().trim().min(1).describe(what);
const date = z.iso.date({ error: 'must be a date like 2028-08-09', abort: true });

const absolutePath = z
  .string()
  .regex(/^\/\S+$/, { error: 'must be an absolute path, as it is in the installed system' });

const packaged = z.strictObject({
  package: packageName.describe('the package that owns the binary'),
  path: absolutePath.describe(
    "the binary's path; the kernel's is a prefix, its release follows: /boot/vmlinuz-",
  ),
});

const notPackaged = z.strictObject({
  'not-packaged': z
    .string()
    .regex(/searched \d{4}-\d{2}-\d{2}\b/, {
      error: 'must say where it was searched, and when: "…, searched 2026-11-21"',
    })
    .describe('where it was searched, and when: "main, searched 2026-11-21"'),
});

const claim = z.union([packaged, notPackaged]);

/** Every part is stated, packaged or not: what is silently absent is nobody's claim. */
const claims = z.strictObject({
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

const lifecycle = z
  .strictObject({
    rolling: z.boolean().default(false).describe('never released as a whole: testing, unstable, Tumbleweed'),
    released: date.optional(),
    eol: date.optional().describe("the end of the distro's regular support"),
    lts: date.optional().describe('the end of its last free security support, where that is later'),
    source: line('where the dates were read'),
  })
  .superRefine(({ rolling, released, eol, lts }, context) => {
    const complain = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });

    if (rolling && (eol || lts)) {
      complain(eol ? 'eol' : 'lts', 'is a date that a rolling release does not have');
    }
    if (!rolling && !released) {
      complain('released', 'is missing');
    }
    if (released && eol && eol <= released) {
      complain('eol', `is not after the release on ${released}`);
    }
    if (eol && lts && lts <= eol) {
      complain('lts', `is not after the end of regular support on ${eol}`);
    }
  });

/** In each text `{package}` stands for the name of a package. */
const tracker = z.strictObject({
  title: line("as people call it: Debian's bug tracker"),
  url: z
    .string()
    .regex(/^https:\/\/[^\s@]+$/, { error: 'must be an https URL, with {package} where the name belongs' })
    .describe('what is known of a package: https://bugs.debian.org/{package}'),
  report: line('a command that sends a report: reportbug {package}').optional(),
  maintainers: line('who mends a package: the maintainers of {package} in Debian').optional(),
});

/** The YAML as people write it. Strict: a misspelt key is a complaint, not a silence. */
export const DistroFile = z
  .strictObject({
    title: line('as people call it: Debian 13 (trixie)'),
    family: z.string().regex(/^[a-z][a-z0-9]*$/, { error: 'must be one lower-case word: debian' }),
    arch: z.enum(['amd64']).default('amd64'),
    'package-manager': z.enum(['apt']),
    lsm: z.enum(['apparmor', 'selinux', 'none']).describe('the security module of a default install'),
    lifecycle,
    parts: claims,
    images: z.strictObject({ qemu: builtImage.optional() }).describe('how each provider gets its machines'),
    tracker: tracker.optional().describe('where its failures are reported'),
    notes: z.array(line('said beside a verdict, never instead of one')).default([]),
  })
  .superRefine(({ parts, images }, context) => {
    const needed = Object.values(parts).flatMap((said) => ('package' in said ? said.package : []));

    for (const [index, name] of (images.qemu?.exclude ?? []).entries()) {
      if (needed.includes(name)) {
        const path = ['images', 'qemu', 'exclude', index];
        context.addIssue({ code: 'custom', path, message: `"${name}" is the package of a part` });
      }
    }
  })
  .meta({ title: 'A release of a distribution, as katafarm reads it' });

export type DistroFile = z.infer<typeof DistroFile>;

/** The release that a checked file tells of. */
export function distroOf(id: DistroId, file: DistroFile): Distro {
  const { title, family, arch, lsm, notes, tracker: where } = file;
  const { rolling, source, released, eol, lts } = file.lifecycle;
  const parts = Object.fromEntries(Object.entries(file.parts).map(([part, said]) => [part, claimOf(said)]));

  return {
    id,
    title,
    family,
    arch,
    packageManager: file['package-manager'],
    lifecycle: { rolling, source, ...(released && { released }), ...(eol && { eol }), ...(lts && { lts }) },
    lsm,
    parts: parts as Record<Part, PartClaim>,
    images: file.images.qemu ? { qemu: builtImageOf(file.images.qemu) } : {},
    ...(where && { tracker: trackerOf(where) }),
    notes,
  };
}

/** The schema as editors read it: the text of `distros/distro.schema.json`. */
export function distroJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(DistroFile, { io: 'input' }), null, 2)}\n`;
}

function trackerOf({ title, url, report, maintainers }: z.infer<typeof tracker>): Tracker {
  return { title, url, ...(report && { report }), ...(maintainers && { maintainers }) };
}

function claimOf(said: z.infer<typeof claim>): PartClaim {
  return 'package' in said ? said : { notPackaged: said['not-packaged'] };
}
