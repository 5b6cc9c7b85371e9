import { AssertionError } from 'node:assert/strict';

/** A failure of what is tested, with the kind of failure that it is: as machine.sh's `fail_as`. */
export function classed(kind: string, message: string): AssertionError {
  return Object.assign(new AssertionError({ message }), { class: kind });
}

/** The kind of a failure, where it has one. */
export const classOf = (error: unknown): string | undefined =>
  error instanceof AssertionError && 'class' in error ? String(error.class) : undefined;
