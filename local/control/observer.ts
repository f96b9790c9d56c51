// Owns what is known of a running pair of Regions at any moment: asked from the processes, the rest remembered.
// Leaves to state.ts the shape it is shown in.
import type { AppPlan } from '../assembly/plan.ts';
import type { MovableClock } from '../movable-clock.ts';
import type { LedgerAdminState, RegionAdminState } from '../processes.ts';
import type { Route53 } from '../route53/route53.ts';
import { type AlarmState, alarmStates, type HeardAlarms, noteAlarms, noteQuiet } from './alarm-states.ts';
import { type ControlState, type RegionReport, stateOf } from './state.ts';

export interface ObservedRegion {
  readonly name: string;
  readonly process: 'up' | 'down';
  readonly network: 'connected' | 'isolated';
}

export interface ObserverOptions {
  readonly plan: Pick<AppPlan, 'alarms'>;
  readonly regions: readonly ObservedRegion[];
  readonly route53: Route53;
  readonly askRegion: (region: string) => Promise<RegionAdminState>;
  readonly askLedger: () => Promise<LedgerAdminState>;
  readonly clock: Pick<MovableClock, 'nowMs' | 'offsetMs'>;
  /** A subject and what it is now; the first word on it is taken as known. */
  readonly note: (subject: string, now: string) => void;
}

/** How often lags and alarms are asked for when nobody looks: a Region that dies is then known to within this. */
const POLL_MS = 2_000;

export class Observer {
  readonly #startedAtMs: number;
  readonly #lags = new Map<string, { readonly viewLagMs: number; readonly atMs: number }>();
  readonly #alarms = new Map<string, HeardAlarms>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly options: ObserverOptions) {
    this.#startedAtMs = options.clock.nowMs();
    noteQuiet(options.plan.alarms, options.note);
    this.#timer = setInterval(() => void this.#look(), POLL_MS);
  }

  /** @throws Error when the ledger process does not answer: its facts are not guessed. */
  async state(): Promise<ControlState> {
    const { regions, route53, askLedger, clock } = this.options;
    const [ledger, ...reports] = await Promise.all([askLedger(), ...regions.map((region) => this.#report(region))]);
    return stateOf(reports, route53.answer(), this.#alarmStates(), ledger.facts, {
      nowMs: clock.nowMs(),
      offsetMs: clock.offsetMs,
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #alarmStates(): readonly AlarmState[] {
    return alarmStates(this.options.plan.alarms, (region) => this.#alarms.get(region), this.#startedAtMs);
  }

  async #look(): Promise<void> {
    await Promise.all(this.options.regions.map((region) => this.#report(region)));
    noteAlarms(this.#alarmStates(), this.options.note);
  }

  #hear(region: string, process: 'up' | 'down', admin: RegionAdminState | undefined): void {
    const before = this.#alarms.get(region);
    if (admin !== undefined) this.options.note(`pages of ${region}`, String(admin.pages));
    if (admin !== undefined)
      this.#alarms.set(region, { readings: admin.alarms, heardAtMs: this.options.clock.nowMs() });
    else if (process === 'down' && before !== undefined) this.#alarms.set(region, { ...before, readings: [] });
  }

  async #report({ name, process, network }: ObservedRegion): Promise<RegionReport> {
    const { askRegion, route53, clock } = this.options;
    const admin = process === 'up' ? await askRegion(name).catch(() => undefined) : undefined;
    this.#hear(name, process, admin);
    // A stream that is cut off has nothing to catch up with: what its reader says then is not the lag.
    if (admin !== undefined && network === 'connected')
      this.#lags.set(name, { viewLagMs: admin.viewLagMs, atMs: clock.nowMs() });
    const last = this.#lags.get(name) ?? { viewLagMs: 0, atMs: this.#startedAtMs };
    return {
      region: name,
      process,
      network,
      routing: route53.regionHealth(name),
      ...(admin === undefined ? {} : { admin }),
      lastLag: { viewLagMs: last.viewLagMs, ageMs: clock.nowMs() - last.atMs },
    };
  }
}
