import type { RunFunction } from 'p-queue';
import { isBefore, type Waiting } from './choose.ts';
import { Heap } from './heap.ts';
import { isLimited } from './rank.ts';

export interface Item extends Waiting {
  readonly id: string;
  readonly run: RunFunction;
  /** Started, or not wanted any more. */
  gone: boolean;
}

/** Those that fit alike: only the first of them needs a look. */
export interface Group {
  readonly items: Heap<Item>;
  /** How often something else was started while its first did not fit. */
  passedOver: number;
}

/** What waits, so that ten thousand cells of a few releases are a few groups to look at. */
export class Groups {
  readonly #groups = new Map<string, Group>();

  add(item: Item): void {
    const key = keyOf(item);
    const group = this.#groups.get(key) ?? { items: new Heap(isBefore, isGone), passedOver: 0 };
    group.items.push(item);
    this.#groups.set(key, group);
  }

  /** The first of each. */
  heads() {
    const heads: { readonly item: Item; readonly group: Group; readonly passedOver: number }[] = [];
    for (const [key, group] of this.#groups) {
      const item = group.items.first;
      if (item) {
        heads.push({ item, group, passedOver: group.passedOver });
      } else {
        this.#groups.delete(key);
      }
    }
    return heads;
  }
}

/** Where no limit tells lanes apart, all of a kind wait in one line. */
function keyOf({ priority, want }: Item): string {
  const { kind, lane, weight } = want;
  return `${priority} ${kind} ${weight.cores} ${weight.memoryMiB} ${isLimited(want) ? lane : ''}`;
}

const isGone = ({ gone }: Item) => gone;
