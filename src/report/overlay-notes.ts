import type { Run } from '../domain/run.ts';

/** So many packages are named of a release; its journal has them all. */
const most = 12;

/** What an overlay changed, a line a release: `debian-13: virtiofsd 1.13.2-1 -> 1.13.2-2, hello none -> 2.10-5 (pulled in)`. */
export function overlayNotes({ plan: { batches }, batchFacts }: Run): readonly string[] {
  return batches.flatMap(({ id, distro }) => {
    const facts = Object.entries(batchFacts.get(id) ?? {}).filter(([key]) => key.startsWith('overlay.'));
    const left = facts.filter(([key]) => key.startsWith('overlay.left-out.')).map(([, value]) => value);
    const changed = facts
      .filter(([key]) => !key.startsWith('overlay.left-out.'))
      .map(([key, value]) => `${key.slice('overlay.'.length)} ${value}`);
    const more = changed.length > most ? [`and ${changed.length - most} more`] : [];
    return [
      ...(changed.length > 0 ? [`${distro}: ${[...changed.slice(0, most), ...more].join(', ')}`] : []),
      ...(left.length > 0
        ? [`${distro}: left out, as machines boot the image's kernel: ${left.join(', ')}`]
        : []),
    ];
  });
}
