import type { Verb } from './context.ts';
import { storedVerb } from './stored-verb.ts';

const examples = `
Examples:
  katafarm image list                        what there is, how large, and when it was last used
  katafarm image build debian-12 debian-13   have them ready for a later run
  katafarm image rm 4944                     by the beginning of its id
`;

/** `katafarm image`: the disks and kernels of releases that machines boot from. */
export const image: Verb = (context) =>
  storedVerb(context, {
    kind: 'image',
    description: "releases' images in the cache: list, build, rm",
    examples,
    build: async ({ image: { digest, builtAt } }) => `image ${digest.slice(0, 12)} of ${builtAt} is ready`,
  });
