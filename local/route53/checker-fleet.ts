// Owns the sixteen checkers of every endpoint check: when each looks, and what they say together.
// Leaves the rules to checker.ts and health.ts, the look itself to probe.ts, the delay until DNS knows to propagation.ts.
import type { HealthCheckPlan } from '../assembly/plan.ts';
import { afterLook, type CheckerBelief, UNKNOWN } from './checker.ts';
import { countVotes, endpointHealth, type Health, statusOfChecks, type Votes } from './health.ts';
import type { Probe } from './probe.ts';
import type { Random, Timers } from './timers.ts';

/** Eight checker Regions, two checkers each: about what Route 53 sends from. */
export const CHECKERS_PER_ENDPOINT = 16;

/** A cold start takes this long; a silent endpoint longer. */
const SLOW_LOOK_MS = 1_000;

type EndpointCheck = HealthCheckPlan & { kind: 'endpoint' };

interface FleetOptions {
  readonly checks: readonly HealthCheckPlan[];
  /** The port that stands for a hostname here; undefined counts as unreachable. */
  readonly portOf: (hostname: string) => number | undefined;
  readonly probe: Probe;
  readonly timers: Timers;
  readonly random: Random;
  /** Called after the status of any check, calculated ones included, has changed. */
  readonly onChange: (status: ReadonlyMap<string, Health>) => void;
}

export class CheckerFleet {
  readonly #beliefs = new Map<string, CheckerBelief[]>();
  readonly #cancels = new Set<() => void>();
  #status: ReadonlyMap<string, Health>;
  #hasStarted = false;
  #stopped = false;

  constructor(private readonly options: FleetOptions) {
    for (const check of this.#endpointChecks()) {
      this.#beliefs.set(check.id, new Array<CheckerBelief>(CHECKERS_PER_ENDPOINT).fill(UNKNOWN));
    }
    this.#status = this.#currentStatus();
  }

  /**
   * Every checker looks once, so that a run begins with a known status (Route 53 would take some tens of seconds);
   * resolves after those looks. From then on each looks every interval, at a phase of its own: Route 53's checkers do
   * not coordinate either.
   */
  async start(): Promise<void> {
    await Promise.all(this.#endpointChecks().map((check) => this.#firstLooks(check)));
    // Nothing is said before: half of the first looks would read as a change from what they only assume.
    this.#hasStarted = true;
    this.options.onChange(this.#status);
    for (const check of this.#endpointChecks()) {
      for (let index = 0; index < CHECKERS_PER_ENDPOINT; index += 1) {
        this.#later(this.options.random() * check.requestIntervalSeconds * 1000, check, index);
      }
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  status(): ReadonlyMap<string, Health> {
    return this.#status;
  }

  /** What the checkers of an endpoint check say, before inversion. */
  votes(checkId: string): Votes {
    return countVotes(this.#beliefs.get(checkId) ?? []);
  }

  #endpointChecks(): EndpointCheck[] {
    return this.options.checks.filter((check) => check.kind === 'endpoint');
  }

  /** One after the other while it answers at once: sixteen together would have Lambda start sixteen workers for them. */
  async #firstLooks(check: EndpointCheck): Promise<void> {
    const waiting = Array.from({ length: CHECKERS_PER_ENDPOINT }, (_, index) => index);
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const startedMs = this.options.timers.nowMs();
      await this.#look(check, index);
      const isSlow = this.options.timers.nowMs() - startedMs > SLOW_LOOK_MS;
      if (isSlow) await Promise.all(waiting.splice(0).map((other) => this.#look(check, other)));
    }
  }

  #later(delayMs: number, check: EndpointCheck, index: number): void {
    if (this.#stopped) return;
    const dueMs = this.options.timers.nowMs() + delayMs;
    const cancel = this.options.timers.after(delayMs, () => {
      this.#cancels.delete(cancel);
      void this.#look(check, index).then(() => {
        // Counted from when this look was due, so that a slow answer does not stretch the interval.
        const nextMs = dueMs + check.requestIntervalSeconds * 1000;
        this.#later(Math.max(0, nextMs - this.options.timers.nowMs()), check, index);
      });
    });
    this.#cancels.add(cancel);
  }

  async #look(check: EndpointCheck, index: number): Promise<void> {
    const port = this.options.portOf(check.hostname);
    const succeeded =
      port !== undefined && (await this.options.probe({ port, hostname: check.hostname, path: check.path }));
    const beliefs = this.#beliefs.get(check.id);
    if (this.#stopped || beliefs === undefined) return;
    beliefs[index] = afterLook(beliefs[index] ?? UNKNOWN, succeeded, check.failureThreshold);
    const status = this.#currentStatus();
    const changed = [...status].some(([id, health]) => this.#status.get(id) !== health);
    this.#status = status;
    if (changed && this.#hasStarted) this.options.onChange(status);
  }

  #currentStatus(): ReadonlyMap<string, Health> {
    const endpoints = new Map(
      [...this.#beliefs].map(([id, beliefs]) => [id, endpointHealth(countVotes(beliefs))] as const),
    );
    return statusOfChecks(this.options.checks, endpoints);
  }
}
