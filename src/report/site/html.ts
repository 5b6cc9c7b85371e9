import { visible } from './visible.ts';

/** Text that is markup already: made by {@link html} alone, out of parts that it escaped itself. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: markup as it is, anything else as text; nothing, where there is nothing to say. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/** The one place where pages are made of texts: whatever isn't {@link Html} is escaped, in attributes as well. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((made, string, index) => `${made}${markup(parts[index - 1])}${string}`));
}

/** Nothing at all. */
export const none = new Html('');

/** A drawing's line, of any length. Throws a TypeError for what is none. */
export function pathData(line: string): Html {
  if (!/^[\w.,\- ]*$/.test(line)) {
    throw new TypeError(`no line is drawn by ${visible(line, 40)}`);
  }
  return new Html(line);
}

/** Several in a row. */
export function joined(parts: readonly Part[], between: Part = ''): Html {
  return new Html(parts.map(markup).join(markup(between)));
}

function markup(part: Part): string {
  if (part === undefined || part === false) {
    return '';
  }
  if (part instanceof Html) {
    return part.text;
  }
  if (typeof part === 'string' || typeof part === 'number') {
    return escaped(visible(String(part)));
  }
  return part.map(markup).join('');
}

/** Nothing in it means anything to a browser: most of what is shown. */
const plainly = /^[\w ./:,()+@~-]*$/;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return plainly.test(text)
    ? text
    : text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
