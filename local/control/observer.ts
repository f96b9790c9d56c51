// Owns what is known of a running pair of Regions at any moment: asked from the processes, the rest remembered.
// Leaves to state.ts the shape it is shown in.
import type { AppPlan } from '../assembly/plan.ts';
import type { LedgerAdminState, RegionAdminState } from '../processes.ts';
import type { Route53 } from '../route53/route53.ts';
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
  readonly nowMs: () => number;
}

/** How often the view lags are asked for when nobody looks: a Region that dies is then known to within this. */
const POLL_MS = 2_000;

export class Observer {
  readonly #startedAtMs: number;
  readonly #lags = new Map<string, { readonly viewLagMs: number; readonly atMs: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly options: ObserverOptions) {
    this.#startedAtMs = options.nowMs();
    this.#timer = setInterval(() => void Promise.all(options.regions.map((region) => this.#report(region))), POLL_MS);
  }

  /** @throws Error when the ledger process does not answer: its facts are not guessed. */
  async state(): Promise<ControlState> {
    const { plan, regions, route53, askLedger } = this.options;
    const [ledger, ...reports] = await Promise.all([askLedger(), ...regions.map((region) => this.#report(region))]);
    return stateOf(reports, route53.answer(), plan.alarms, ledger.facts, this.#startedAtMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #report({ name, process, network }: ObservedRegion): Promise<RegionReport> {
    const { askRegion, route53, nowMs } = this.options;
    const admin = process === 'up' ? await askRegion(name).catch(() => undefined) : undefined;
    // A stream that is cut off has nothing to catch up with: what its reader says then is not the lag.
    if (admin !== undefined && network === 'connected')
      this.#lags.set(name, { viewLagMs: admin.viewLagMs, atMs: nowMs() });
    const last = this.#lags.get(name) ?? { viewLagMs: 0, atMs: this.#startedAtMs };
    return {
      region: name,
      process,
      network,
      routing: route53.regionHealth(name),
      ...(admin === undefined ? {} : { admin }),
      lastLag: { viewLagMs: last.viewLagMs, ageMs: nowMs() - last.atMs },
    };
  }
}
