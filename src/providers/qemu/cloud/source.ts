import { fileURLToPath } from 'node:url';
import type { CloudImage } from '../../../domain/image-source.ts';

/** Where the disk is that a release's machines are made from. */
export type Source =
  | { readonly kind: 'published'; readonly image: CloudImage & { readonly url: string } }
  /** On this host: `by` says who put it there. */
  | { readonly kind: 'file'; readonly path: string; readonly by: 'user' | 'release' };

/** Which disk a release's machines are made from: what a user brings comes first. Undefined: it has to be brought. */
export function sourceOf(image: CloudImage | undefined, brought: string | undefined): Source | undefined {
  if (brought !== undefined) {
    return { kind: 'file', path: brought, by: 'user' };
  }
  const { url } = image ?? {};
  if (!image || url === undefined) {
    return undefined;
  }
  return url.startsWith('file:')
    ? { kind: 'file', path: fileURLToPath(url), by: 'release' }
    : { kind: 'published', image: { ...image, url } };
}
