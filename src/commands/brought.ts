import { isAbsolute, resolve } from 'node:path';
import { UserError } from '../errors.ts';

/** By release, what its machines are made from in place of the newest image: a digest of one in the cache, or a disk's path. */
export type ImageWords = Readonly<Record<string, string>>;

/** Of what `--image` says, the disks: those that a user brings. Undefined: none is. */
export function broughtIn(image: ImageWords = {}): ImageWords | undefined {
  const files = Object.entries(image).filter(([, word]) => isAbsolute(word));
  return files.length > 0 ? Object.fromEntries(files) : undefined;
}

/** The others. */
export function digestsIn(image: ImageWords = {}): readonly (readonly [release: string, digest: string])[] {
  return Object.entries(image).filter(([, word]) => !isAbsolute(word));
}

/** Collects `--image RELEASE=DIGEST` and `--image RELEASE=FILE`, files by their full paths. */
export function imageWord(text: string, before: ImageWords = {}): ImageWords {
  const [, release, word = ''] = /^([a-z][\w.-]*-[\w.]+)=(.+)$/.exec(text) ?? [];
  const isDigest = /^[0-9a-f]{6,64}$/.test(word);
  const isFile = /[/.]/.test(word);
  if (release === undefined || !(isDigest || isFile)) {
    throw new UserError(
      `cannot read --image "${text}": say RELEASE=DIGEST, as in debian-13=6108c05e7bf3 (katafarm image list has both), or RELEASE=FILE, as in rhel-10=./rhel-10.qcow2`,
    );
  }
  if (before[release] !== undefined) {
    throw new UserError(`cannot use --image "${text}": ${release} has one already; leave one of them out`);
  }
  return { ...before, [release]: isDigest ? word : resolve(word) };
}
