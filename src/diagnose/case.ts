import type { Cell } from '../domain/cell.ts';
import type { EvidenceLine, Experiment, Finding, SwapPart, Trial } from '../domain/finding.ts';
import type { Errored, Failed, Outcome } from '../domain/outcome.ts';
import type { Facts } from '../domain/result.ts';

/** Everything that is known of one failure, as plain data. */
export interface Case {
  readonly cell: Cell;
  /** Its last attempt's. */
  readonly outcome: Failed | Errored;
  /** What the cell recorded. */
  readonly facts: Facts;
  /** Speed class of its machine, as the probe measured it. */
  readonly speed: string;
  /** How many hypervisors are above the sandbox's guest: 2 is a guest in a machine on hardware; missing: not known. */
  readonly depth?: number;
  /** Cells of the same release and run that have a verdict. */
  readonly siblings: readonly Sibling[];
  /** Lines that count: neither in the control nor in the last green, in the cell's time, of its sandbox. */
  readonly lines: readonly EvidenceLine[];
  /** Neither the shim's log nor the guest's console was had: then nothing is surer than the decision table. */
  readonly silent?: true;
  /** The release's claims: `qemu.package`, `qemu.path`, where the image tells it `qemu.version`, `qemu.overlaid` if it is not the release's, and so on; and `lsm`. */
  readonly packages: Facts;
  /** What can be swapped here, and what for: `the virtiofsd of Kata 4.1.0`. */
  readonly donors: readonly Donor[];
  /** Version of the Kata that the cell ran, or whose QEMU it is compared with. */
  readonly kata?: string;
}

export interface Sibling {
  readonly cell: Cell;
  readonly outcome: Outcome;
}

/** A part that is at hand to be put in place of the cell's own. */
export interface Donor {
  readonly part: SwapPart;
  /** What it is, in words. */
  readonly by: string;
}

/** What is to be done next about a case: more to try, each on a fresh clone, or a finding, which ends it. */
export type Next =
  | { readonly experiments: readonly Experiment[]; readonly finding?: undefined }
  | { readonly finding: Finding; readonly experiments?: undefined };

/** Decides what is next, by the case and what was tried already. Pure. */
export type Diagnose = (one: Case, trials: readonly Trial[]) => Next;
