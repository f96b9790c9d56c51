// Owns the time of a process of a local run: the machine's, plus how far it was moved ahead. Worker threads see the same moves.
// Leaves to the supervisor that all processes of a run are moved together.

export class MovableClock {
  /** Read by worker threads: how far ahead the clock is, milliseconds in 64 bits. */
  readonly offset = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  readonly #aheadMs = new BigInt64Array(this.offset);
  readonly #listeners: (() => void)[] = [];

  constructor(
    private readonly machineMs: () => number,
    offsetMs = 0,
  ) {
    this.moveTo(offsetMs);
  }

  nowMs = (): number => this.machineMs() + this.offsetMs;

  get offsetMs(): number {
    return Number(Atomics.load(this.#aheadMs, 0));
  }

  /** @throws Error when it would go back: what was written at a later time would lie in the future */
  moveTo(offsetMs: number): void {
    if (!Number.isSafeInteger(offsetMs) || offsetMs < this.offsetMs)
      throw new Error(`the clock is ${this.offsetMs} ms ahead and only goes forward, got ${offsetMs}`);
    Atomics.store(this.#aheadMs, 0, BigInt(offsetMs));
    for (const listener of this.#listeners) listener();
  }

  /** For whoever waits for a moment with a timer: timers run by the machine's time. */
  onMove(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
