/** Gives back the least first; what `isGone` is dropped when it comes up, so that taking one out costs nothing. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #isGone: (item: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean, isGone: (item: T) => boolean) {
    this.#isBefore = isBefore;
    this.#isGone = isGone;
  }

  /** The least that is not gone. */
  get first(): T | undefined {
    let [item] = this.#items;
    while (item !== undefined && this.#isGone(item)) {
      this.#dropFirst();
      [item] = this.#items;
    }
    return item;
  }

  push(item: T): void {
    const items = this.#items;
    let index = items.length;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const other = items[above] as T;
      if (!this.#isBefore(item, other)) {
        break;
      }
      items[index] = other;
      index = above;
    }
    items[index] = item;
  }

  #dropFirst(): void {
    const items = this.#items;
    const item = items.pop() as T;
    if (items.length === 0) {
      return;
    }
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const right = left + 1;
      const least =
        right < items.length && this.#isBefore(items[right] as T, items[left] as T) ? right : left;
      if (least >= items.length || !this.#isBefore(items[least] as T, item)) {
        break;
      }
      items[index] = items[least] as T;
      index = least;
    }
    items[index] = item;
  }
}
