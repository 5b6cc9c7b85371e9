import { z } from 'zod';
import type { Toolchain } from '../domain/distro.ts';
import { packageName } from './image-schema.ts';

const others = z.array(packageName).min(1);

/** The compilers that Kata is built with. An alternative is one beside a package that is named. */
export const toolchain = z
  .strictObject({
    rust: packageName.optional(),
    go: packageName.optional(),
    alternatives: z
      .strictObject({ rust: others.optional(), go: others.optional() })
      .optional()
      .describe('further packages of the same compilers, which may be newer'),
  })
  .superRefine((said, context) => {
    for (const [compiler, names = []] of Object.entries(said.alternatives ?? {})) {
      const usual = said[compiler as 'rust' | 'go'];
      const complain = (message: string, path: readonly (string | number)[]) =>
        context.addIssue({ code: 'custom', path: ['alternatives', compiler, ...path], message });

      if (usual === undefined) {
        complain(`is beside no package: \`toolchain.${compiler}\` is missing`, []);
      }
      for (const [index, name] of names.entries()) {
        if (name === usual || names.indexOf(name) < index) {
          complain(`"${name}" is said twice`, [index]);
        }
      }
    }
  })
  .describe('the packages of the compilers that Kata is built with');

/** The toolchain that a checked file tells of. */
export function toolchainOf({ rust, go, alternatives }: z.infer<typeof toolchain>): Toolchain {
  return {
    ...(rust && { rust }),
    ...(go && { go }),
    ...(alternatives && {
      alternatives: {
        ...(alternatives.rust && { rust: alternatives.rust }),
        ...(alternatives.go && { go: alternatives.go }),
      },
    }),
  };
}
