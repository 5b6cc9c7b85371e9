import type { CloudImage } from '../../../domain/image-source.ts';
import { compareVersions } from '../../../domain/version.ts';
import { type Digest, digestIn, namesIn } from '../../../download/checksums.ts';
import { fetchBytes } from '../../../download/fetch-bytes.ts';
import type { Manners } from '../../../download/manners.ts';
import { signedText } from '../../../download/signature.ts';
import { UserError } from '../../../errors.ts';

/** A build of an image, as its publisher tells of it. */
export interface Published {
  /** Where it is, as the release's file has it: not a mirror's address. */
  readonly url: string;
  readonly name: string;
  /** What `latest` found. */
  readonly build?: string;
  readonly digest: Digest;
  /** The fingerprint of the key that signed the checksums; missing: nobody did. */
  readonly signedBy?: string;
}

/** How publishers are asked. */
export interface Asking {
  /** Addresses that begin so are asked for elsewhere: the longest beginning counts. */
  readonly mirrors: Readonly<Record<string, string>>;
  readonly manners: Manners;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Slower than this, a cloud image takes days. */
export const imageManners: Manners = {
  patience: 60,
  pause: 2,
  slowest: 2048,
  instead: 'take a mirror by --image-mirror FROM=TO, or bring the image by --image RELEASE=FILE',
};

/** An address at a mirror, where there is one for it. Pure. */
export function mirrored(url: string, mirrors: Asking['mirrors']): string {
  const [from, to] =
    Object.entries(mirrors)
      .filter(([prefix]) => url.startsWith(prefix))
      .toSorted(([a], [b]) => b.length - a.length)[0] ?? [];
  return from === undefined ? url : `${to}${url.slice(from.length)}`;
}

/** Finds the build that there is, and what its digest has to be. Throws a UserError (exit 3) where its publisher won't say. */
export async function askPublisher(
  release: string,
  image: CloudImage & { readonly url: string },
  asking: Asking,
): Promise<Published> {
  const build = await newestBuild(release, image, asking);
  const filled = (text: string) => text.replaceAll('{build}', build ?? '');
  const url = filled(image.url);
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  const checksums = filled(image.checksums ?? '');
  const text = await checksumsOf(checksums, image.signed, filled, asking);
  const digest = digestIn(text, name);
  if (!digest) {
    const [other] = namesIn(text);
    const speaks = other === undefined ? 'no digest that is any good' : `${other} and the like`;
    throw new UserError(
      `cannot tell what ${name} should be: ${checksums} has ${speaks}, and not one sha256 or sha512 of it; mend images.cloud of ${release}, or bring the image by --image ${release}=FILE`,
      { exitCode: 3 },
    );
  }
  const { signed } = image;
  return { url, name, digest, ...(build !== undefined && { build }), ...(signed && { signedBy: signed.by }) };
}

async function newestBuild(
  release: string,
  { latest }: CloudImage,
  asking: Asking,
): Promise<string | undefined> {
  if (!latest) {
    return undefined;
  }
  const page = await needed(latest.index, asking);
  const build = latestIn(page.toString(), latest.pattern);
  // It goes into addresses, and into the names of files.
  if (build === undefined || !/^[\w.+~-]+$/.test(build) || build.includes('..')) {
    throw new UserError(
      `cannot find the newest image of ${release}: ${latest.index} names none that ${latest.pattern} fits; mend images.cloud.latest of its file`,
      { exitCode: 3 },
    );
  }
  return build;
}

/** The latest version of all that the pattern's group has: pages list by name, by which 3.23.10 is before 3.23.2. Pure. */
export function latestIn(page: string, pattern: string): string | undefined {
  const builds = [...page.matchAll(new RegExp(pattern, 'g'))].flatMap(([, build]) => build ?? []);
  return builds.toSorted(compareVersions).at(-1);
}

async function checksumsOf(
  url: string,
  signed: CloudImage['signed'],
  filled: (text: string) => string,
  asking: Asking,
): Promise<string> {
  const text = await needed(url, asking);
  if (!signed) {
    return text.toString();
  }
  const keys = await needed(filled(signed.key), asking);
  const signature = signed.signature && (await needed(filled(signed.signature), asking));
  return signedText({
    what: url,
    text,
    keys,
    by: signed.by,
    at: asking.now(),
    signature: signature || undefined,
  });
}

async function needed(url: string, { mirrors, manners, signal }: Asking): Promise<Buffer> {
  const asked = mirrored(url, mirrors);
  const found = await fetchBytes(asked, manners, signal);
  if (!found) {
    throw new UserError(
      `cannot find ${asked}: it is not there; ${asked === url ? "mend images.cloud of the release's file, or" : 'look at --image-mirror, or'} bring the image by --image RELEASE=FILE`,
      { exitCode: 3 },
    );
  }
  return found;
}
