// Owns the local processor's time: the machine's, plus what was ordered on top of it.

export class MovableClock {
  #aheadMs = 0;

  constructor(private readonly machineMs: () => number) {}

  nowMs = (): number => this.machineMs() + this.#aheadMs;

  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}
