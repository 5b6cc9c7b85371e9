import { z } from 'zod';
import type { BuiltImage } from '../domain/image-source.ts';

/** A package's name, which is on its way to a command line. */
export const packageName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*[A-Za-z0-9+]$/, { error: "must be a package's name alone" });

/** Of a machine's image, however it is had. */
export const emulateWithout = z
  .array(z.string().regex(/^[a-z0-9._-]+$/, { error: 'must be a CPU feature as QEMU names it: xsave' }))
  .describe("CPU features that QEMU's emulation gets wrong for this release's kernel");

/** An image recipe as people write it. */
export const builtImage = z
  .strictObject({
    build: z.literal('mmdebstrap'),
    suite: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: "must be a suite's name: trixie" }),
    components: z.array(z.string().regex(/^[a-z-]+$/, { error: "must be a component's name: main" })).min(1),
    sources: z
      .array(z.string().regex(/^deb /, { error: 'must be a line of a sources.list: deb …' }))
      .default([]),
    include: z.array(packageName).default([]).describe('packages beside those of the parts'),
    exclude: z.array(packageName).default([]).describe("recommended packages that can't bear on a verdict"),
    'emulate-without': emulateWithout.default([]),
  })
  .superRefine(({ include, exclude }, context) => {
    for (const [index, name] of exclude.entries()) {
      if (include.includes(name)) {
        context.addIssue({
          code: 'custom',
          path: ['exclude', index],
          message: `"${name}" is included as well`,
        });
      }
    }
  });

/** The recipe that a checked file tells of. */
export function builtImageOf({
  'emulate-without': without,
  ...image
}: z.infer<typeof builtImage>): BuiltImage {
  return { ...image, emulateWithout: without };
}
