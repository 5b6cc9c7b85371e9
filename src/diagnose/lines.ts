import type { EvidenceLine } from '../domain/finding.ts';
import { oneLine } from '../domain/text.ts';

/** As many lines as can speak for a failure; a machine may say more. */
const most = 1000;

/** Characters of a line; what is longer says no more. */
const mostCharacters = 600;

/**
 * Of a failed cell's lines, those that count: in no line of `usual` (the control, greens of the same release), whatever
 * numbers and ids stand in them, and no denial that was let pass. That they are of the cell's time and sandbox is for whoever
 * collects them to see to: a clone has no others.
 */
export function countingLines(
  own: readonly EvidenceLine[],
  usual: readonly string[],
): readonly EvidenceLine[] {
  const known = new Set(usual.map(shapeOf));
  return own
    .filter(({ text }) => text.trim() !== '' && isEnforced(text) && !known.has(shapeOf(text)))
    .slice(-most)
    .map((line) => ({ ...line, text: oneLine(line.text, mostCharacters) }));
}

/** A line without its time, its host, and all else that differs from one run of the same to the next. */
function shapeOf(text: string): string {
  return oneLine(text, 4 * mostCharacters)
    .replace(/^\d{4}-\d\d-\d\d[T ]\S+ \S+ /, '')
    .replace(/^[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+ /, '')
    .replace(/^\[ *\d+\.\d+\] /, '')
    .replaceAll(/\baudit\([\d.:]+\)/g, 'audit(#)')
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '#')
    .replaceAll(/\b(?=[0-9a-f-]*\d)[0-9a-f]{6,}(?:-[0-9a-f]+)*\b/gi, '#')
    .replaceAll(/\d+/g, '#')
    .trim();
}

/** What a security module would have denied, had it enforced, is no denial. */
function isEnforced(text: string): boolean {
  if (/\bavc: +denied\b/.test(text)) {
    return /\bpermissive=0\b/.test(text);
  }
  return !/\bapparmor="(?!DENIED)[A-Z]+"/.test(text);
}
