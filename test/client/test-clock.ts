// Owns a clock that stands still until a test moves it: nothing is late because the machine is slow.
import type { Clock } from '../../client/src/index.ts';

interface Timer {
  readonly atMs: number;
  readonly due: () => void;
}

export class TestClock implements Clock {
  #nowMs = 1_000_000;
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, due: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, due };
    this.#timers.add(timer);
    // A timer that is due already runs without anybody moving the clock.
    if (delayMs <= 0) queueMicrotask(() => this.#run());
    return () => this.#timers.delete(timer);
  }

  /** Resolves once a timer is due `delayMs` from now: whoever set it is waiting. */
  async hasTimerIn(delayMs: number): Promise<void> {
    while (!this.hasTimerNow(delayMs)) await new Promise(setImmediate);
  }

  hasTimerNow(delayMs: number): boolean {
    return [...this.#timers].some(({ atMs }) => atMs === this.#nowMs + delayMs);
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Runs what falls due on the way. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#run();
  }

  #run(): void {
    for (const timer of [...this.#timers].sort((a, b) => a.atMs - b.atMs)) {
      if (timer.atMs > this.#nowMs || !this.#timers.delete(timer)) continue;
      timer.due();
    }
  }
}
