import { hostClasses, ourClasses } from './classes-host.ts';
import { kataClasses } from './classes-kata.ts';
import { vmmClasses } from './classes-vmm.ts';
import type { FailureClass } from './failure-class.ts';

/** Every kind of failure that is known. */
export const classes: readonly FailureClass[] = [
  ...hostClasses,
  ...ourClasses,
  ...vmmClasses,
  ...kataClasses,
];

/** Undefined for a class that has no row. */
export function classOf(id: string | undefined): FailureClass | undefined {
  return classes.find((row) => row.id === id);
}
