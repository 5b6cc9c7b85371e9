import type { Diagnose } from '../diagnose/case.ts';
import { facilitiesScript, mendingOf, readingsIn } from '../diagnose/facilities.ts';
import { next } from '../diagnose/next.ts';
import type { Reading } from '../domain/finding.ts';
import { swapsOf } from './donors.ts';

/** What a diagnosis is made with. */
export interface Diagnostics {
  readonly next: Diagnose;
  /**
   * Tries each facility of a machine by use, at the farm's own time in seconds since 1970; what it prints is for
   * `readingsIn`.
   */
  readonly facilities: (farmTime: number) => string;
  readonly readingsIn: (text: string) => readonly Reading[];
  /** Puts a facility right; undefined: there is no way to. */
  readonly mendingOf: (facility: string) => string | undefined;
  /** What can be put in place of a cell's own. */
  readonly swapsOf: typeof swapsOf;
}

/** What every run's failures are looked into with. */
export const diagnostics: Diagnostics = {
  next,
  facilities: facilitiesScript,
  readingsIn,
  mendingOf,
  swapsOf,
};
