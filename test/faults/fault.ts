import type { Component } from '../../src/domain/finding.ts';
import type { ScenarioId } from '../../src/domain/scenario.ts';

/** Whom a failure is to be blamed on, and what kind it is to be called. */
export interface Culprit {
  readonly component: Exclude<Component, 'unknown'>;
  readonly class: string;
}

/** Something broken on purpose, and whose fault the farm must say it is. */
export interface Fault {
  /** Names its row, and its files. */
  readonly id: string;
  readonly title: string;
  /** Run as root by `sh -eu` in a machine of debian-13. `cold`: which then boots again. */
  readonly plant: { readonly script: string; readonly cold?: true };
  /** The one in which it shows. */
  readonly scenario: ScenarioId;
  /** Others that run beside it, as evidence. */
  readonly beside?: readonly ScenarioId[];
  /** `unknown`: there is nobody who could rightly be named. */
  readonly expect: Culprit | 'unknown';
  /** Why this party, and not the one that comes to mind first; one sentence. */
  readonly why: string;
}
