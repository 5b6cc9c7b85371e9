import type { Facts } from './result.ts';

/**
 * Whose part of the whole a failure lies in. `kata-vmm` is neither's alone: Kata and this VMM do not fit each other.
 * `infra` is the host that machines run on and what is outside of it, `farm` what katafarm itself sized or made.
 */
export type Component =
  | 'distro-vmm'
  | 'distro-virtiofsd'
  | 'distro-kernel'
  | 'distro-host'
  | 'distro-policy'
  | 'distro-packaging'
  | 'container-stack'
  | 'kata'
  | 'kata-vmm'
  | 'infra'
  | 'farm'
  | 'unknown';

/** What a name rests on: a swap on fresh clones (A-B-A), a row of the decision table, the words of a failure alone. */
export type Confidence = 'swap' | 'table' | 'fingerprint';

/** Whose fault a failure is, as far as it can be told, and what that rests on. */
export interface Finding {
  readonly component: Component;
  /** The thing itself: a package with its version, a release of Kata, an artifact of the farm's; missing: not known. */
  readonly provenance?: string;
  /** Who can mend it, in words: `debian-12's maintainers of qemu-system-common`; missing: nobody is named. */
  readonly mender?: string;
  /** The kind of failure: `qemu-device-missing`; missing: none that is known. */
  readonly class?: string;
  /** Missing where nobody is named. */
  readonly confidence?: Confidence;
  /** The reasoning, a sentence a step, in order. */
  readonly because: readonly string[];
  readonly evidence: readonly EvidenceLine[];
  /** Versions and digests of what took part. */
  readonly versions: Facts;
}

/** A line that speaks for a finding, where it stands. */
export interface EvidenceLine {
  /** Below the run's folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A part that a swap replaces: one at a time, over the same path. `lsm` is its mode: enforcing, then not. */
export type SwapPart =
  | 'vmm'
  | 'firmware'
  | 'virtiofsd'
  | 'guest-kernel'
  | 'guest-image'
  | 'engine'
  | 'lsm'
  | 'kata';

/**
 * Something that is tried on a clone to learn more of a failure. `again` changes nothing: the last A of A-B-A. `mend`
 * puts one facility of the machine right, and is a swap of that facility. `facilities` runs no scenario.
 */
export type Experiment =
  | { readonly kind: 'facilities' }
  | { readonly kind: 'again' }
  | { readonly kind: 'mend'; readonly facility: string }
  | { readonly kind: 'swap'; readonly part: SwapPart; readonly by: string };

/** How an experiment came out. */
export interface Trial {
  readonly experiment: Experiment;
  /** What the scenario said; `errored` says nothing. Missing: no scenario was run. */
  readonly outcome?: TrialOutcome;
  /** Of `facilities`. */
  readonly readings?: readonly Reading[];
  /** Where its evidence is, below the run's folder. */
  readonly folder?: string;
  readonly ms: number;
}

/** An outcome, as far as an experiment needs it. */
export interface TrialOutcome {
  readonly status: 'passed' | 'failed' | 'errored' | 'blocked' | 'skipped';
  readonly class?: string;
  readonly message?: string;
}

/** A facility of the machine, tried by use. */
export interface Reading {
  readonly facility: string;
  /** Missing: it could not be tried, for want of a tool say; that speaks for nothing. */
  readonly ok?: boolean;
  /** What was seen, on one line. */
  readonly said: string;
}

/** Whether a failure says nothing of what was tested: it is the farm's own, or its host's. */
export function isOurs({ component }: Pick<Finding, 'component'>): boolean {
  return component === 'farm' || component === 'infra';
}

/** Whether somebody is named. */
export function isNamed({ component }: Pick<Finding, 'component'>): boolean {
  return component !== 'unknown';
}
