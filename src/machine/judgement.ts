/** What a console shows, a sentence for each kind of trouble. */
export interface Judgement {
  /** The machine's own: a panic, an oops. */
  readonly fatal: readonly string[];
  /** The farm's: memory that it sized, a host that ran out of it, a console that flooded its disk. */
  readonly farm: readonly string[];
  /** That of `fatal` after which no kernel answers any more. */
  readonly panic?: string;
  /** The console's last words, on one line. */
  readonly last?: string;
}
