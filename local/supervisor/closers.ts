// Owns that what was started is ended: in reverse order, once, whatever fails on the way.

export class Closers {
  readonly #closers: (() => unknown)[] = [];
  #closing: Promise<void> | undefined;

  add(close: () => unknown): void {
    this.#closers.unshift(close);
  }

  /** Never rejects: the end of a run goes on past a part that does not end well. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers) {
      try {
        await close();
      } catch {
        // The parts that are left matter more than why this one did not end well.
      }
    }
  }
}
