// Owns how long a payer's client believes DNS: exactly the TTL, one question at a time.
// Leaves to lookup.ts how it asks.
import type { Lookup } from './lookup.ts';

export class NameCache {
  #kept: { readonly target: string; readonly untilMs: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(
    private readonly lookup: Lookup,
    private readonly hostname: string,
    private readonly nowMs: () => number,
  ) {}

  /** The target to send to. @throws what the lookup throws; an answer past its TTL is not used in its place. */
  async target(): Promise<string> {
    if (this.#kept !== undefined && this.nowMs() < this.#kept.untilMs) return this.#kept.target;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<string> {
    const { target, ttlSeconds } = await this.lookup(this.hostname);
    this.#kept = { target, untilMs: this.nowMs() + ttlSeconds * 1000 };
    return target;
  }
}
