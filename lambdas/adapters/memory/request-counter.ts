// Owns the twin of the request counter in memory, shared by the workers of a test.
import type { CountedWindow, RequestCounter } from '../../ports/request-counter.ts';

export class MemoryRequestCounter implements RequestCounter {
  /** Requests to the counter itself. */
  asked = 0;
  readonly #totals = new Map<string, number>();

  async add({ budget, accountId, windowStartMs }: CountedWindow, requests: number): Promise<number> {
    const key = `${budget}#${accountId}#${windowStartMs}`;
    const total = (this.#totals.get(key) ?? 0) + requests;
    this.#totals.set(key, total);
    this.asked += 1;
    return total;
  }
}
