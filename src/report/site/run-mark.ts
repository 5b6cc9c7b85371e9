import { type Html, html, type Part } from './html.ts';
import { pathTo, placeOfRun } from './links.ts';
import type { View } from './view.ts';

/** A run by its id or in other words, with its page where it has one. */
export function runMark(id: string, { runs }: Pick<View, 'runs'>, depth: number, words: Part = id): Html {
  return runs.some((run) => run.id === id)
    ? html`<a href="${pathTo(depth, placeOfRun(id))}">${words}</a>`
    : html`${words}`;
}
