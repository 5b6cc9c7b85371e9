import type { Red } from './chronicle.ts';
import { withoutFigures } from './text.ts';

/**
 * Whether two reds are one, as far as can be told: of one class, and one component's where both have a finding; where one
 * of them has no class, they have to have said the same in the same step. Who said nothing contradicts nobody.
 */
export function isSameRed(a: Red | undefined, b: Red | undefined): boolean {
  if (!a || !b) {
    return true;
  }
  const [ours, theirs] = [a, b].map(({ class: kind, finding }) => kind ?? finding?.class);
  const components = [a, b].flatMap(({ finding }) => finding?.component ?? []);
  if (components.length === 2 && components[0] !== components[1]) {
    return false;
  }
  return ours !== undefined && theirs !== undefined
    ? ours === theirs
    : a.step === b.step && withoutFigures(a.message) === withoutFigures(b.message);
}
