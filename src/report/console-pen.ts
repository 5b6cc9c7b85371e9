import { oneLine } from '../domain/text.ts';
import type { Shown } from './tested.ts';

const colors = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;
export type Color = keyof typeof colors;

/** How text gets onto a terminal: coloured where that is welcome, and cut to its width. */
export interface Pen {
  readonly paint: (color: Color, text: string) => string;
  readonly cut: (text: string) => string;
}

export const colorOf: Readonly<Record<Shown, Color>> = {
  passed: 'green',
  failed: 'red',
  errored: 'yellow',
  missing: 'yellow',
  blocked: 'yellow',
  skipped: 'dim',
};

export function penOf(color: boolean, columns: number): Pen {
  // Room for the deepest indent.
  const width = columns > 0 ? Math.max(20, columns - 6) : 1000;
  return {
    paint: (name, text) => (color ? `\u001b[${colors[name]}m${text}\u001b[0m` : text),
    cut: (text) => oneLine(text, width),
  };
}
