import type { Component } from '../domain/finding.ts';

/** Whom a rule comes to, and why, in words. */
export interface Resolved {
  readonly component: Component;
  readonly because: string;
  /** A closer class than the one that was looked at. */
  readonly class?: string;
}

export const nobody = (because: string): Resolved => ({ component: 'unknown', because });
