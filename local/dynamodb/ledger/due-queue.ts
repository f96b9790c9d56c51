// Owns which changes wait for their moment, in the order of their moments; equal moments keep the order of arrival.
// Leaves to replica.ts what a change is and when its moment comes.

interface Due<T> {
  readonly atMs: number;
  readonly value: T;
}

/** Moments nearly grow, so an entry is put in close to the end. */
export class DueQueue<T> {
  private waiting: Due<T>[] = [];
  private head = 0;

  add(atMs: number, value: T): void {
    let index = this.waiting.length;
    while (index > this.head && (this.waiting[index - 1]?.atMs ?? 0) > atMs) index -= 1;
    this.waiting.splice(index, 0, { atMs, value });
  }

  /** When the first one is due, or undefined when nothing waits. */
  nextAtMs(): number | undefined {
    return this.waiting[this.head]?.atMs;
  }

  /** Takes what is due, at most `limit`. */
  take(nowMs: number, limit: number): readonly T[] {
    const from = this.head;
    let next = this.waiting[this.head];
    while (next !== undefined && next.atMs <= nowMs && this.head - from < limit) {
      this.head += 1;
      next = this.waiting[this.head];
    }
    const taken = this.waiting.slice(from, this.head).map((due) => due.value);
    if (this.head > 1024) {
      this.waiting = this.waiting.slice(this.head);
      this.head = 0;
    }
    return taken;
  }
}
