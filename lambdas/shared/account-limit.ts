// Owns one worker's share in the limit of requests an account: what it has seen in this window, and when it asks the others.
// Leaves to domain/account-limit.ts the decision. A counter that fails never refuses a payer.
import { type Admission, judgeTotal, meetRequest, type Seen, windowStartMs } from '../domain/account-limit.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { type Budget, type RequestCounter, RequestCounterUnavailable } from '../ports/request-counter.ts';
import { type Breaker, DownstreamPaused } from './breaker.ts';
import { METRICS } from './metric-names.ts';
import type { Telemetry } from './telemetry.ts';

export interface AccountLimitDeps {
  readonly budget: Budget;
  /** Requests of one account in a window, over all workers of the Region. */
  readonly limit: number;
  readonly counter: RequestCounter;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** One a worker. */
export class AccountLimit {
  /** Of the current window alone: a worker cannot meet more accounts than fit in ten seconds. */
  #seen = new Map<AccountId, Seen>();
  #windowStartMs = 0;

  constructor(private readonly deps: AccountLimitDeps) {}

  async admit(accountId: AccountId): Promise<Admission> {
    const { clock, limit, telemetry } = this.deps;
    const nowMs = clock.nowMs();
    this.#forgetBefore(windowStartMs(nowMs));
    const meeting = meetRequest(this.#seen.get(accountId), nowMs, limit);
    this.#seen.set(accountId, meeting.seen);
    const admission =
      meeting.kind === 'decided' ? meeting.admission : await this.#ask(accountId, meeting.seen, meeting.report);
    if (admission.kind === 'refused') telemetry.count(METRICS.accountLimitRefusals);
    return admission;
  }

  async #ask(accountId: AccountId, { windowStartMs: startMs }: Seen, report: number): Promise<Admission> {
    const { budget, breaker, clock, counter, limit, telemetry } = this.deps;
    try {
      const total = await breaker.execute(() => counter.add({ budget, accountId, windowStartMs: startMs }, report));
      const seen = this.#seen.get(accountId);
      if (seen?.windowStartMs === startMs) this.#seen.set(accountId, { ...seen, total: Math.max(seen.total, total) });
      return judgeTotal(total, clock.nowMs(), limit);
    } catch (error) {
      if (!(error instanceof RequestCounterUnavailable || error instanceof DownstreamPaused)) throw error;
      telemetry.count(METRICS.requestCounterFailures);
      return { kind: 'admitted', remaining: undefined };
    }
  }

  #forgetBefore(startMs: number): void {
    if (startMs === this.#windowStartMs) return;
    this.#seen = new Map();
    this.#windowStartMs = startMs;
  }
}
