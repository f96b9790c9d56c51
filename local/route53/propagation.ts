// Owns the time between a health check turning and the name servers answering by it.
// Leaves to checker-fleet.ts when a check turns. AWS publishes no figure; two to ten seconds is the model of docs/limits.md.
import type { Health } from './health.ts';
import type { Random, Timers } from './timers.ts';

export const SHORTEST_PROPAGATION_MS = 2_000;
export const LONGEST_PROPAGATION_MS = 10_000;

/** What the name servers have heard. The first status of a check is known at once; every change after it takes its time. */
export class Propagation {
  readonly #heard = new Map<string, Health>();
  readonly #lastTold = new Map<string, Health>();
  readonly #cancels = new Set<() => void>();

  constructor(
    private readonly timers: Timers,
    private readonly random: Random,
    private readonly onHeard: () => void,
  ) {}

  tell(status: ReadonlyMap<string, Health>): void {
    for (const [id, health] of status) {
      if (this.#lastTold.get(id) === health) continue;
      const isFirst = !this.#lastTold.has(id);
      this.#lastTold.set(id, health);
      if (isFirst) this.#hear(id, health);
      else this.#hearLater(id, health);
    }
  }

  heard(): ReadonlyMap<string, Health> {
    return this.#heard;
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #hearLater(id: string, health: Health): void {
    const delayMs = SHORTEST_PROPAGATION_MS + this.random() * (LONGEST_PROPAGATION_MS - SHORTEST_PROPAGATION_MS);
    const cancel = this.timers.after(delayMs, () => {
      this.#cancels.delete(cancel);
      // A check that has turned back since is not announced late: the newer word is on its way.
      if (this.#lastTold.get(id) === health) this.#hear(id, health);
    });
    this.#cancels.add(cancel);
  }

  #hear(id: string, health: Health): void {
    if (this.#heard.get(id) === health) return;
    this.#heard.set(id, health);
    this.onHeard();
  }
}
