// Owns the time of a run: it stands still while code runs, and jumps to whatever is due next.
// Leaves to own-globals.ts the timers of libraries.

interface Due {
  readonly atMs: number;
  /** Of two that are due at once the one that was asked for first. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** What was awaited goes on until everything waits again: a turn of the real event loop drains all of it. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class VirtualTime {
  readonly #heap: Due[] = [];
  #asked = 0;

  constructor(public nowMs: number) {}

  /** Runs `run` at `atMs`, at once if that is past; gives back how to call it off. */
  at(atMs: number, run: () => void): () => void {
    // Clocks show whole milliseconds.
    const due: Due = { atMs: Math.max(Math.ceil(atMs), this.nowMs), order: this.#asked++, run };
    this.#push(due);
    return () => {
      due.run = undefined;
    };
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.nowMs + ms, run);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets everything happen that is due until then. */
  async runUntil(untilMs: number): Promise<void> {
    await settled();
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      if (next.run === undefined) continue;
      this.nowMs = next.atMs;
      next.run();
      await settled();
    }
    this.nowMs = untilMs;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let place = heap.push(due) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(due, heap[parent] as Due)) break;
      heap[place] = heap[parent] as Due;
      place = parent;
    }
    heap[place] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Due, heap[left] as Due) ? right : left;
      if (!isBefore(heap[child] as Due, last)) break;
      heap[place] = heap[child] as Due;
      place = child;
    }
    heap[place] = last;
  }
}

const isBefore = (a: Due, b: Due): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
