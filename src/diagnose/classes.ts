import { hostClasses } from './classes-host.ts';
import { kataClasses } from './classes-kata.ts';
import { lastClasses } from './classes-last.ts';
import { machineClasses } from './classes-machine.ts';
import { namedClasses } from './classes-named.ts';
import { packageClasses } from './classes-packages.ts';
import { vmmClasses } from './classes-vmm.ts';
import { vmmAloneClasses } from './classes-vmm-alone.ts';
import type { FailureClass, FailurePattern, Row } from './failure-class.ts';

/** Every kind of failure that is known. Its words are in order: of what follows one from another, the cause stands first. */
export const rows: readonly Row[] = [
  ...namedClasses,
  ...machineClasses,
  ...packageClasses,
  ...kataClasses,
  ...vmmClasses,
  ...vmmAloneClasses,
  ...hostClasses,
  ...lastClasses,
];

/** What rows come to. */
export interface Table {
  readonly classes: readonly FailureClass[];
  readonly patterns: readonly FailurePattern[];
}

/** Classes, and the words of all of them in the rows' order. */
export function tableOf(given: readonly Row[]): Table {
  return {
    classes: given.flatMap((row) => ('id' in row ? [row] : [])),
    patterns: given.flatMap((row) =>
      'id' in row ? (row.words ?? []).map((words) => ({ class: row.id, ...words })) : [row],
    ),
  };
}

export const table: Table = tableOf(rows);
export const { classes, patterns } = table;

/** Undefined for a class that has no row. */
export function classOf(id: string | undefined, of: Table = table): FailureClass | undefined {
  return of.classes.find((row) => row.id === id);
}
