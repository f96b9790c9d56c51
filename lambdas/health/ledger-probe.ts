// Owns the answer to "can this Region do its job?": heartbeats through the ledger, how long one counts, when it turns.
// Leaves to the Heartbeats adapter how a beat is written and read, and to create-health-handler.ts how it is told.
import type { Clock } from '../ports/clock.ts';
import type { HeartbeatResult, Heartbeats } from '../ports/heartbeats.ts';
import { HEARTBEAT_KEYS } from '../shared/names.ts';
import { HEALTH } from '../shared/policies.ts';

/** Keys written at once: all 32 in eight probes, some 20 s, which is how stale a view says to be at the most (D24). */
const KEYS_PER_PROBE = 4;

export type ProbeTiming = { readonly [Name in keyof typeof HEALTH]: number };

/** More than this off the store's clock, and facts would be refused for their time (DESIGN D2). */
const MAX_SKEW_MS = 1_000;
/** HTTP `Date` has whole seconds: a skew is known to half of one. */
const SKEW_RESOLUTION_MS = 500;

export type ProbeStatus = { readonly checkedAtMs: number } & (
  | { readonly kind: 'healthy'; readonly ledger: 'written' | 'throttled' }
  | { readonly kind: 'unhealthy'; readonly reason: 'ledger-unreachable' | 'clock-skew' }
);

interface ProbeResult {
  readonly startedMs: number;
  readonly beats: readonly HeartbeatResult[];
}

/** Every beat of a probe shows a clock too far off the store's, whatever the `Date` header cut off. */
export const isSkewed = (beats: readonly HeartbeatResult[]): boolean => {
  const skewsMs = beats.flatMap(({ clockSkewMs }) => (clockSkewMs === undefined ? [] : [Math.abs(clockSkewMs)]));
  return skewsMs.length > 0 && Math.min(...skewsMs) > MAX_SKEW_MS + SKEW_RESOLUTION_MS;
};

/** One a worker: at most one probe runs at a time, and its result counts for 2 s. */
export class LedgerProbe {
  #running: Promise<void> | undefined;
  #last: ProbeResult | undefined;
  #lastSuccess: ProbeResult | undefined;
  #nextKey = 0;

  constructor(
    private readonly heartbeats: Heartbeats,
    private readonly clock: Clock,
    private readonly timing: ProbeTiming = HEALTH,
  ) {}

  /** Answers within 1.4 s, from the newest success if the probe under way is not done by then. */
  async status(): Promise<ProbeStatus> {
    const deadlineMs = this.clock.nowMs() + this.timing.answersWithinMs;
    while (this.#isStale()) {
      // A probe may have been frozen with its worker and fail on waking: it is not the last word, the next one is.
      this.#running ??= this.#probe();
      const leftMs = Math.max(0, deadlineMs - this.clock.nowMs());
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, leftMs, false);
      });
      const ended = await Promise.race([this.#running.then(() => true), tooLate]);
      clearTimeout(timer);
      if (!ended) break;
    }
    return this.#judgement();
  }

  #isStale(): boolean {
    return this.#last === undefined || this.clock.nowMs() - this.#last.startedMs >= this.timing.cachedMs;
  }

  #judgement(): ProbeStatus {
    const nowMs = this.clock.nowMs();
    const checkedAtMs = this.#last?.startedMs ?? nowMs;
    const success = this.#lastSuccess;
    if (success === undefined || nowMs - success.startedMs >= this.timing.turnsAfterMs) {
      return { kind: 'unhealthy', reason: 'ledger-unreachable', checkedAtMs };
    }
    if (isSkewed(success.beats)) return { kind: 'unhealthy', reason: 'clock-skew', checkedAtMs };
    const ledger = success.beats.some(({ kind }) => kind === 'written') ? 'written' : 'throttled';
    return { kind: 'healthy', ledger, checkedAtMs };
  }

  async #probe(): Promise<void> {
    const startedMs = this.clock.nowMs();
    const keys = Array.from({ length: KEYS_PER_PROBE }, (_, offset) => (this.#nextKey + offset) % HEARTBEAT_KEYS);
    this.#nextKey = (this.#nextKey + KEYS_PER_PROBE) % HEARTBEAT_KEYS;
    const settled = await Promise.allSettled(keys.map((key) => this.heartbeats.beat(key, startedMs)));
    const beats = settled.flatMap((beat) => (beat.status === 'fulfilled' ? [beat.value] : []));
    this.#last = { startedMs, beats };
    if (beats.length > 0) this.#lastSuccess = this.#last;
    this.#running = undefined;
  }
}
