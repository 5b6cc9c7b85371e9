/**
 * The candidate that somebody who wrote `word` most likely meant; undefined where none is near enough
 * (more than a third of the letters differ). Of equally near ones the first.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;

  for (const candidate of candidates) {
    const distance = distanceOf(wanted, candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** The hint that ends a complaint: what was likely meant, else all that there is, or of many some. */
export function hintOf(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  if (near !== undefined) {
    return `did you mean "${near}"?`;
  }
  if (candidates.length > mostNamed) {
    const begin = word.slice(0, 3).toLowerCase();
    const alike = candidates.filter((one) => one.toLowerCase().startsWith(begin));
    const some = (alike.length > 0 ? alike : candidates).slice(0, mostNamed);
    return `there are ${candidates.length}, among them ${some.join(', ')}`;
  }
  return candidates.length > 0 ? `there are ${candidates.join(', ')}` : 'there are none';
}

/** More names than that are a list to be asked for, no hint. */
const mostNamed = 12;

/** Damerau-Levenshtein, swaps of neighbours only: letters added, dropped, changed or swapped. */
function distanceOf(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);

  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];

      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
