/** What is found out or opened once. Where that went wrong it is tried anew by whoever asks next. */
export class Once<T> {
  #known: Promise<T> | undefined;

  /** Undefined: nobody has asked yet, or it went wrong. */
  get known(): Promise<T> | undefined {
    return this.#known;
  }

  get(deed: () => Promise<T>): Promise<T> {
    this.#known ??= deed().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }
}
