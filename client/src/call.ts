// Owns the attempts of one call: which Region next, when, and when to stop. The first answer wins, whichever attempt it belongs to.
// Leaves to exchange.ts what an attempt is, and to regions.ts which Region stands behind.
import type { Clock } from './clock.ts';
import { type FailedAttempt, OutcomeUnknown, type Refusal, Refused, Unavailable } from './errors.ts';
import type { Outcome } from './exchange.ts';
import type { HedgeBudget } from './hedge-budget.ts';
import type { Region, Regions } from './regions.ts';
import { firstOf } from './wait.ts';

/** Bounds a call even where servers refuse faster than the deadline comes. */
const MAX_ATTEMPTS = 20;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;

export interface CallContext {
  readonly regions: Regions;
  readonly hedges: HedgeBudget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly attemptMs: number;
  readonly hedgeAfterMs: number;
}

export interface Plan<T> {
  /** Of a payment. Without one it is a lookup, and may be asked twice. */
  readonly idempotencyKey?: string | undefined;
  readonly deadlineAtMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly send: (region: Region, signal: AbortSignal) => Promise<Outcome<T>>;
}

interface Attempt<T> {
  readonly region: Region;
  readonly startedMs: number;
  readonly abort: AbortController;
  readonly outcome: Promise<Outcome<T>>;
}

export class Call<T> {
  readonly #underWay = new Set<Attempt<T>>();
  readonly #failed: FailedAttempt[] = [];
  /** A Region is not asked again before; of one that was not asked yet there is nothing here. */
  readonly #readyAtMs = new Map<Region, number>();
  /** Nobody is asked before: the newest attempt has its time. */
  #nextAtMs: number;
  #started = 0;
  /** Attempts of which it is not certain that they changed nothing. */
  #unsettled = 0;
  #heldOff: Refusal | undefined;

  constructor(
    private readonly context: CallContext,
    private readonly plan: Plan<T>,
  ) {
    this.#nextAtMs = context.clock.nowMs();
    if (plan.idempotencyKey === undefined) context.hedges.earn();
  }

  /** @throws Refused, OutcomeUnknown, Unavailable; the reason of `plan.signal` when that ends a call that changed nothing */
  async answer(): Promise<T> {
    try {
      for (;;) {
        this.#startIfDue();
        if (this.#isOver()) throw this.#gaveUp();
        const ended = await this.#nextEnd();
        if (ended === undefined) continue;
        const outcome = await ended.outcome;
        this.#underWay.delete(ended);
        if (outcome.kind === 'answered') return this.#answered(ended, outcome.value);
        this.#notAnswered(ended, outcome);
      }
    } finally {
      for (const { abort } of this.#underWay) abort.abort();
    }
  }

  #startIfDue(): void {
    const { regions, clock } = this.context;
    const nowMs = clock.nowMs();
    if (nowMs < this.#startAtMs() || this.#started === MAX_ATTEMPTS || nowMs >= this.plan.deadlineAtMs) return;
    const region = regions.inOrder(nowMs).find((candidate) => this.#readyMs(candidate) <= nowMs);
    if (region === undefined) return;
    this.#putOverdueAside(nowMs);
    this.#replace(region);
    this.#nextAtMs = nowMs + this.#patienceMs();
    // An attempt that is late is left alone for as long again; then it makes room for a new one, on a new connection.
    this.#readyAtMs.set(region, nowMs + 2 * this.#roundMs());
    regions.asked(region, nowMs);
    this.#start(region, nowMs);
  }

  #start(region: Region, startedMs: number): void {
    const abort = new AbortController();
    this.#started += 1;
    this.#unsettled += 1;
    this.#underWay.add({ region, startedMs, abort, outcome: this.plan.send(region, abort.signal) });
  }

  /** The newest attempt may take this long before another Region is asked as well. */
  #patienceMs(): number {
    const { attemptMs, hedgeAfterMs, regions, hedges, clock } = this.context;
    const isFirstOfLookup = this.plan.idempotencyKey === undefined && this.#started === 0;
    const isHedged = isFirstOfLookup && hedgeAfterMs < attemptMs && regions.haveSpare(clock.nowMs());
    return isHedged && hedges.spend() ? hedgeAfterMs : this.#roundMs();
  }

  /** Servers that are slow but alive get their answer through in a later round. */
  #roundMs(): number {
    return this.context.attemptMs * 2 ** this.#round();
  }

  /** How often every Region has been asked. */
  #round(): number {
    return Math.floor(this.#started / this.context.regions.count);
  }

  #readyMs(region: Region): number {
    return this.#readyAtMs.get(region) ?? Number.NEGATIVE_INFINITY;
  }

  #startAtMs(): number {
    const ready = this.context.regions.inOrder(this.context.clock.nowMs()).map((region) => this.#readyMs(region));
    return Math.max(this.#nextAtMs, Math.min(...ready));
  }

  #putOverdueAside(nowMs: number): void {
    for (const { region, startedMs } of this.#underWay) {
      if (nowMs - startedMs >= this.context.attemptMs) this.context.regions.failed(region, startedMs, nowMs);
    }
  }

  #replace(region: Region): void {
    for (const attempt of this.#underWay) {
      if (attempt.region !== region) continue;
      attempt.abort.abort();
      this.#underWay.delete(attempt);
      this.#noteLate(attempt);
    }
  }

  #noteLate({ region, startedMs }: Attempt<T>): void {
    const lateMs = Math.round(this.context.clock.nowMs() - startedMs);
    this.#failed.push({ region: region.url, reason: `no answer in ${lateMs} ms` });
  }

  #isOver(): boolean {
    if (this.context.clock.nowMs() >= this.plan.deadlineAtMs) return true;
    const cannotStart = this.#started === MAX_ATTEMPTS || this.#startAtMs() >= this.plan.deadlineAtMs;
    return this.#underWay.size === 0 && cannotStart;
  }

  /** The attempt that ends first; undefined when it is time to start another, or to stop. */
  async #nextEnd(): Promise<Attempt<T> | undefined> {
    const { clock } = this.context;
    const { signal } = this.plan;
    const startAtMs = this.#started === MAX_ATTEMPTS ? Number.POSITIVE_INFINITY : this.#startAtMs();
    const ends = [...this.#underWay].map((attempt) => attempt.outcome.then(() => attempt));
    const waited = await firstOf(ends, clock, { atMs: Math.min(startAtMs, this.plan.deadlineAtMs), signal });
    if (waited.kind === 'cancelled') throw this.#gaveUp(waited);
    return waited.kind === 'ended' ? waited.value : undefined;
  }

  #answered({ region, startedMs }: Attempt<T>, value: T): T {
    const { regions, clock } = this.context;
    regions.answered(region);
    for (const outrun of this.#underWay) {
      if (outrun.startedMs < startedMs) regions.failed(outrun.region, outrun.startedMs, clock.nowMs());
    }
    return value;
  }

  #notAnswered(attempt: Attempt<T>, outcome: Exclude<Outcome<T>, { kind: 'answered' }>): void {
    const { regions, clock } = this.context;
    const { region, startedMs } = attempt;
    if (outcome.kind !== 'failed' || !outcome.mayBeWritten) this.#unsettled -= 1;
    if (outcome.kind !== 'failed') regions.answered(region);
    if (outcome.kind === 'refused') throw this.#refused(outcome.refusal);
    const nowMs = clock.nowMs();
    this.#nextAtMs = nowMs;
    if (outcome.kind === 'held-off') {
      // Too many requests of this account: asking the other Region instead would only go round the limit.
      this.#heldOff = outcome.refusal;
      this.#failed.push({ region: region.url, reason: '429' });
      const readyAtMs = nowMs + this.#delayMs(outcome.refusal.retryAfterSeconds);
      for (const each of regions.inOrder(nowMs)) this.#readyAtMs.set(each, readyAtMs);
      return;
    }
    this.#heldOff = undefined;
    this.#failed.push({ region: region.url, reason: outcome.reason });
    regions.failed(region, startedMs, nowMs);
    this.#readyAtMs.set(region, nowMs + this.#delayMs(outcome.retryAfterSeconds));
  }

  /** Full jitter, on top of what the server asks for. */
  #delayMs(retryAfterSeconds = 0): number {
    const backoffMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.max(0, this.#round() - 1));
    return retryAfterSeconds * 1_000 + this.context.random() * backoffMs;
  }

  /** A refusal speaks for its own attempt only: what an earlier one did that was never answered, it does not know. */
  #refused(refusal: Refusal): Error {
    const { idempotencyKey } = this.plan;
    const refused = new Refused(refusal, idempotencyKey);
    if (idempotencyKey === undefined || this.#unsettled === 0) return refused;
    return new OutcomeUnknown(idempotencyKey, this.#allFailed(), refused);
  }

  /** What is thrown when there is no time left, no attempt left, or no caller any more. */
  #gaveUp(cancelled?: { readonly reason: unknown }): unknown {
    const { idempotencyKey } = this.plan;
    if (idempotencyKey !== undefined && this.#unsettled > 0) {
      return new OutcomeUnknown(idempotencyKey, this.#allFailed(), cancelled?.reason);
    }
    if (cancelled !== undefined) return cancelled.reason;
    if (this.#heldOff !== undefined) return new Refused(this.#heldOff, idempotencyKey);
    return new Unavailable(this.#allFailed(), idempotencyKey);
  }

  #allFailed(): readonly FailedAttempt[] {
    for (const attempt of this.#underWay) this.#noteLate(attempt);
    return this.#failed;
  }
}
