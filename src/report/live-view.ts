import type { CellId } from '../domain/cell.ts';
import type { BatchId } from '../domain/plan.ts';
import type { Color } from './console-pen.ts';
import type { Expected } from './time-left.ts';

/** What a picture of a run depends on besides the run. */
export interface View {
  readonly at: number;
  readonly columns: number;
  /** As many lines as the picture may have. */
  readonly rows: number;
  readonly color: boolean;
  readonly expected?: Expected | undefined;
  /** The last that a cell, or a batch's machine, printed; undefined: it is not to be shown, or there is none. */
  readonly heard: (subject: CellId | BatchId) => string | undefined;
  /** What keys there are; empty: none. */
  readonly keys: string;
  /** The signal that ended the run early, if one did. */
  readonly ending?: string | undefined;
}

/** The same, with the means to colour it. */
export interface Frame extends View {
  readonly paint: (color: Color, text: string) => string;
}
