import { story } from './story.ts';
import type { ReleaseView, View } from './view.ts';

/** The stories of a release as a script: what is read from a disk may not be fetched, and may be run. */
export function storiesScript(release: ReleaseView, view: View): string {
  const stories = Object.fromEntries(
    release.cells.map((cell) => [
      cell.support.stack,
      story(cell, release, view, { depth: 0, level: 3 }).text,
    ]),
  );
  return `katafarmStories(${inert(release.id)}, ${inert(stories)});\n`;
}

/** JSON that means the same wherever it stands. */
function inert(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
