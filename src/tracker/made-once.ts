import type { Issue, Tracker } from './issue.ts';
import { markerIn } from './marker.ts';

/** What a call that makes an issue answered; where it failed, the issue that it has made all the same, if it has. */
export async function madeOnce<T>(
  made: Promise<T>,
  text: string,
  issues: Tracker['issues'],
): Promise<T | Issue> {
  return made.catch(async (error: unknown) => {
    const key = markerIn(text)?.key;
    const there = (await issues()).find(({ isOpen, body }) => isOpen && markerIn(body)?.key === key);
    if (!there) {
      throw error;
    }
    return there;
  });
}
