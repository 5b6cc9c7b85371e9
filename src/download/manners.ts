/** How a server is dealt with, and what its user is told where it does not give what it should. */
export interface Manners {
  /** Seconds without a byte after which a connection is given up. */
  readonly patience: number;
  /** The same before the first byte; then there is no second try. */
  readonly reach?: number | undefined;
  /** Bytes a second, over as long as the patience: what comes slower is given up. Unless given it is had for as long as bytes come. */
  readonly slowest?: number;
  /** Seconds before the second try; each further one waits twice as long. */
  readonly pause: number;
  /** What else may be done, in words: "give the archives: --kata file:PATH". */
  readonly instead?: string;
  /** The variable that holds what one is let in by. */
  readonly token?: string;
}

/** Of publishers that nobody has to log in to. */
export const politely: Manners = { patience: 60, pause: 2 };
