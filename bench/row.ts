/** One line of the table that `npm run bench` prints. */
export interface Row {
  readonly what: string;
  readonly figure: number;
  readonly unit: string;
  /** What it was measured against, in the same run. */
  readonly against?: string;
  /** The figure over what it was measured against. */
  readonly ratio?: number;
  /** What must hold, in words. */
  readonly limit?: string;
}
