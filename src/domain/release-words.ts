import type { NightStatus } from './cell-nights.ts';
import { daysBetween } from './days.ts';
import { isGreen, isRed } from './flips.ts';
import { policy } from './policy.ts';
import { stackOf } from './stack.ts';

/**
 * `works`: whatever ran of what the policy asks of a stack of the distro's own parts is green; `broken`: of each such stack something is red;
 * `untold`: else.
 */
export type ReleaseState = 'works' | 'broken' | 'untold';

/** How a cell came out, by days. */
export type DayStatuses = readonly (NightStatus | undefined)[];

const rules = policy.stacks
  .filter(({ stack }) => stackOf(stack).parts.length > 0)
  .map(({ stack, required }): { readonly stack: string; readonly places: ReadonlySet<string> } => {
    const isGap = (id: string) => policy.kata.gaps.some((gap) => gap.stack === stack && gap.scenario === id);
    const kata = policy.kata.required.filter((id) => !isGap(id)).map((id) => `${stack}/${id}`);
    return { stack, places: new Set<string>([...required, ...kata]) };
  });

/** What a release showed of the stacks that are made of its own parts, day by day. */
export class ReleaseWords {
  readonly #days: readonly string[];
  readonly #stacks: readonly {
    readonly green: boolean[];
    readonly red: boolean[];
    readonly open: boolean[];
  }[];

  constructor(days: readonly string[]) {
    this.#days = days;
    this.#stacks = rules.map(() => ({ green: [], red: [], open: [] }));
  }

  /** `place` is a cell's, below its release: `qemu/kata.uname`. */
  add(place: string, statuses: DayStatuses): void {
    for (const [index, rule] of rules.entries()) {
      const stack = this.#stacks[index];
      if (stack && rule.places.has(place)) {
        const isOwn = place.startsWith(`${rule.stack}/`);
        for (const [day, status] of statuses.entries()) {
          stack.green[day] ||= isOwn && status !== undefined && isGreen({ status });
          stack.red[day] ||= status === 'blocked' || (status !== undefined && isRed({ status }));
          stack.open[day] ||= status === 'errored' || status === 'missing';
        }
      }
    }
  }

  /** Of each day; what a release showed is good for as many days as the word of a rolling one. */
  all(): readonly ReleaseState[] {
    let last: { readonly word: ReleaseState; readonly day: string } | undefined;
    return this.#days.map((day, index) => {
      // What came to no verdict where one was asked for leaves a stack untold that nothing else makes red.
      const told = this.#stacks.filter(
        ({ green, red, open }) => red[index] || (green[index] && !open[index]),
      );
      if (told.length > 0) {
        last = { word: told.some(({ red }) => !red[index]) ? 'works' : 'broken', day };
      }
      const isGood = last && daysBetween(last.day, day) <= policy.freshness.rolling.ageing;
      return isGood ? (last?.word ?? 'untold') : 'untold';
    });
  }
}
