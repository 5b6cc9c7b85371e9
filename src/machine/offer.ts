import type { Variant } from '../domain/plan.ts';

export interface Offer {
  readonly variant: Variant;
  /** Device nodes that a machine can offer. */
  readonly devices: readonly string[];
  readonly memoryMiB: number;
}

export interface Refusal {
  readonly because: string;
}
