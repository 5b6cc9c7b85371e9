import { type Html, html, type Part } from './html.ts';

/** An address that a browser may be sent to; undefined for any other scheme, and for none. */
export function webAddress(url: string): string | undefined {
  return /^https?:\/\/[^\s"'<>]+$/i.test(url) ? url : undefined;
}

/** A link where the address is one of the web's, else its text alone. */
export function linkTo(url: string | undefined, text: Part): Html {
  const address = url === undefined ? undefined : webAddress(url);
  return address === undefined ? html`${text}` : html`<a href="${address}" rel="noopener">${text}</a>`;
}

/** A text of the catalogue with its https addresses as links; never one of a guest's. */
export function linked(text: string): Html {
  const pieces = text.split(/(https:\/\/[\w./~%+:=?&#@-]*[\w/])/);
  return html`${pieces.map((piece, index) => (index % 2 === 1 ? linkTo(piece, piece) : piece))}`;
}

/** A path from a page `depth` folders below the site's own to a file of the site's: each name as one of an address. */
export function pathTo(depth: number, path: string): string {
  const names = path.split('/').map((name) => encodeURIComponent(name).replaceAll('%40', '@'));
  return `${'../'.repeat(depth)}${names.join('/')}`;
}

export const placeOfRelease = (id: string) => `distros/${id}.html`;
export const placeOfStack = (id: string) => `stacks/${id}.html`;
export const placeOfRun = (id: string) => `runs/${id}.html`;
export const placeOfStories = (id: string) => `stories/${id}.js`;
