import type { Variant } from '../domain/plan.ts';

export interface Offer {
  readonly variant: Variant;
  /** Device nodes that a machine can offer. */
  readonly devices: readonly string[];
  /** Why it can't offer a device that there might be, in words. */
  readonly lacking?: Readonly<Record<string, string>>;
  /** Of the provider; missing: `vm`. */
  readonly fidelity?: 'vm' | 'userspace';
  /** Kinds of cells that its machines are not for, and why. */
  readonly unfit?: Readonly<Partial<Record<'cold' | 'kata', string>>>;
  readonly memoryMiB: number;
}

export interface Refusal {
  readonly because: string;
}
