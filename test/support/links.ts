import { posix } from 'node:path';

/** A file of a published folder. */
export interface File {
  readonly path: string;
  readonly text: string;
}

/** Links of pages, of stories that the landing page shows, and of the feed, that lead to no file or to no place in one. */
export function deadLinks(files: readonly File[], others: Iterable<string> = []): readonly string[] {
  const paths = new Set([...files.map(({ path }) => path), ...others]);
  const ids = new Map(
    files.map(({ path, text }) => [path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  return files.filter(isRead).flatMap(({ path, text }) => {
    // A story is shown by the landing page, and its links are from there.
    const from = path.includes('/stories/') ? posix.join(posix.dirname(path), '../index.html') : path;
    return [
      ...markupOf({ path, text }).matchAll(/ (?:href|src)="(?!https?:|data:|http:)([^"#]*)(?:#([^"]*))?"/g),
    ].flatMap(([, link = '', id]) => {
      const target = link === '' ? from : posix.join(posix.dirname(from), decodeURIComponent(link));
      const isThere = id === undefined || id.startsWith('q=') || ids.get(target)?.has(id);
      return paths.has(target) && isThere ? [] : [`${path}: ${link}${id === undefined ? '' : `#${id}`}`];
    });
  });
}

/** Ids that a page has twice: a link would lead to the first of them. */
export function doubledIds(files: readonly File[]): readonly string[] {
  return files
    .filter(({ path }) => path.endsWith('.html'))
    .flatMap(({ path, text }) => {
      const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);
      return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${path}: ${id}`);
    });
}

const isRead = ({ path }: File) => /\.html$|\/stories\/[^/]+\.js$|feed\.xml$/.test(path);

function markupOf({ path, text }: File): string {
  return path.endsWith('.js') ? text.replaceAll('\\"', '"').replaceAll('\\u003c', '<') : text;
}
