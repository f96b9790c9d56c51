// Owns that writes of one item happen one after the other in this process.
// Leaves to its users what they do meanwhile.

export class ItemLocks {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Runs `work` after everything that asked for `item` before. */
  run<T>(item: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(item) ?? Promise.resolve();
    const result = before.then(work, work);
    const tail = result.catch(() => undefined);
    this.tails.set(item, tail);
    void tail.then(() => {
      if (this.tails.get(item) === tail) this.tails.delete(item);
    });
    return result;
  }

  /** The same for several items, taken in one order so that two calls never wait for each other. */
  runAll<T>(items: readonly string[], work: () => Promise<T>): Promise<T> {
    const [first, ...others] = [...new Set(items)].sort();
    return first === undefined ? work() : this.run(first, () => this.runAll(others, work));
  }
}
