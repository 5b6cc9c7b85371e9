import { z } from 'zod';
import type { CloudImage, ContainerImage } from '../domain/image-source.ts';
import { type Origin, origin, sourcedBy, type sources } from './claim-schema.ts';
import { emulateWithout } from './image-schema.ts';
import { line } from './words.ts';

/** This host's own loopback needs no TLS. */
const secure = String.raw`https:\/\/[^\s@]+|http:\/\/127\.0\.0\.1:\d+\/[^\s@]*`;

const https = z
  .string()
  .regex(new RegExp(`^(${secure})$`), { error: 'must be an https URL, in which {build} may stand' });

const place = z
  .string()
  .regex(new RegExp(`^(${secure}|file:\\/\\/\\/\\S+)$`), { error: 'must be an https URL, or file:///…' });

const pattern = z.string().refine(hasOneGroup, {
  error: 'must be a regular expression with one group, which is the build: image-([0-9.]+)\\.qcow2',
});

/** Of a cloud image. */
export const cloudImage = z
  .strictObject({
    url: place.optional().describe('the image; {build} is what `latest` finds'),
    latest: z
      .strictObject({ index: https.describe('a page that names the builds'), pattern })
      .optional()
      .describe('how the newest build is found'),
    checksums: https.optional().describe("the publisher's checksum file"),
    signed: z
      .strictObject({
        by: z.string().regex(/^[0-9A-F]{40}$/, { error: "must be a key's fingerprint, 40 hex digits" }),
        key: https.describe('where the key is'),
        signature: https.optional().describe('of a detached signature; else the checksums are clear-signed'),
      })
      .optional()
      .describe('the OpenPGP key that the checksums are signed by'),
    firmware: z.enum(['bios', 'uefi', 'both']).default('both').describe('what it boots with'),
    'emulate-without': emulateWithout.optional(),
    bring: line('how a user gets an image that has no free URL').optional(),
    ...origin,
  })
  .superRefine(({ url, checksums, bring, latest }, context) => {
    const complain = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });

    if (url === undefined && bring === undefined) {
      complain('url', 'is missing, and `bring` does not say how a user gets the image');
    }
    if (url?.startsWith('http') && checksums === undefined) {
      complain('checksums', 'is missing: no image is taken whose checksum nobody published');
    }
    if (url?.includes('{build}') && !latest) {
      complain('latest', 'is missing: it says what {build} stands for');
    }
    if (latest && !url?.includes('{build}')) {
      complain('latest', 'finds a build that the url has no {build} for');
    }
  });

/** Registry, repository, and a tag or a digest; Docker takes a host without a dot for a user's name, but for this one. */
const fullReference =
  /^([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:\d+)?\/[a-z0-9._/-]+(:[\w.-]+|(:[\w.-]+)?@sha256:[0-9a-f]{64})$/;

/** Of a container image. */
export const containerImage = z
  .strictObject({
    reference: z
      .string()
      .regex(fullReference, {
        error: "must be an image's reference in full: docker.io/library/debian:trixie",
      })
      .optional(),
    build: z.literal('mmdebstrap').optional().describe('from the suite of the machine image'),
    ...origin,
  })
  .superRefine(({ reference, build }, context) => {
    if ((reference === undefined) === (build === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['reference'],
        message: 'or `build` has to be said, one of them',
      });
    }
  });

type Known = z.infer<typeof sources>;

export function cloudImageOf(said: z.infer<typeof cloudImage>, known: Known): CloudImage {
  const { url, latest, checksums, signed, firmware, bring, 'emulate-without': without } = said;
  return {
    firmware,
    ...(url !== undefined && { url }),
    ...(latest && { latest }),
    ...(checksums !== undefined && { checksums }),
    ...(signed && {
      signed: { by: signed.by, key: signed.key, ...(signed.signature && { signature: signed.signature }) },
    }),
    ...(bring !== undefined && { bring }),
    ...(without && { emulateWithout: without }),
    ...sourcedBy(said as Origin, known),
  };
}

export function containerImageOf(said: z.infer<typeof containerImage>, known: Known): ContainerImage {
  const { reference, build } = said;
  return {
    ...(reference !== undefined && { reference }),
    ...(build && { build }),
    ...sourcedBy(said as Origin, known),
  };
}

function hasOneGroup(text: string): boolean {
  try {
    return new RegExp(`${text}|`).exec('')?.length === 2;
  } catch {
    return false;
  }
}
