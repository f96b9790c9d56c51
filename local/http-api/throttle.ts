// Owns API Gateway's throttle of a route: a token bucket that refills at the rate and holds at most the burst.

export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  constructor(
    private readonly limit: { readonly ratePerSecond: number; readonly burst: number },
    private readonly nowMs: () => number,
  ) {
    this.tokens = limit.burst;
    this.filledAtMs = nowMs();
  }

  /** Takes one token if there is one. */
  take(): boolean {
    const now = this.nowMs();
    this.tokens = Math.min(this.limit.burst, this.tokens + ((now - this.filledAtMs) / 1000) * this.limit.ratePerSecond);
    this.filledAtMs = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
