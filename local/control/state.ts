// Owns the shape of `GET /api/state`, as callers outside rely on it, and how it is put together.
// Leaves to the processes what they know; what nobody evaluates yet is said so, not made up.
import type { AlarmPlan } from '../assembly/plan.ts';
import type { LedgerAdminState, RegionAdminState } from '../processes.ts';
import type { DnsAnswer, RegionHealth } from '../route53/route53.ts';

export interface RegionState {
  readonly process: 'up' | 'down';
  readonly network: 'connected' | 'isolated';
  readonly health: 'healthy' | 'unhealthy';
  readonly checkers: { readonly healthy: number; readonly total: number };
  readonly evacuated: boolean;
  readonly viewLagMs: number;
}

export interface AlarmState {
  readonly slug: string;
  readonly tier: 'P0' | 'P1' | 'P2';
  readonly region: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Epoch milliseconds of the last change. */
  readonly sinceMs: number;
}

export interface QueueState {
  readonly region: string;
  readonly slug: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly oldestAgeMs: number;
  readonly dlq: number;
}

export interface ControlState {
  readonly regions: Readonly<Record<string, RegionState>>;
  readonly dns: { readonly answer: string | null; readonly target: string | null; readonly ttlSeconds: number };
  readonly alarms: readonly AlarmState[];
  readonly queues: readonly QueueState[];
  readonly facts: LedgerAdminState['facts'];
}

/** What is known of one Region; `admin` is absent while its process is down or does not answer. */
export interface RegionReport {
  readonly region: string;
  readonly process: 'up' | 'down';
  readonly network: 'connected' | 'isolated';
  readonly routing: RegionHealth;
  readonly admin?: RegionAdminState;
  /** The last lag it told while connected, and how long ago: a view that is not fed falls behind by the time that passes. */
  readonly lastLag: { readonly viewLagMs: number; readonly ageMs: number };
}

export const stateOf = (
  reports: readonly RegionReport[],
  answer: DnsAnswer | undefined,
  alarms: readonly AlarmPlan[],
  facts: LedgerAdminState['facts'],
  startedAtMs: number,
): ControlState => ({
  regions: Object.fromEntries(reports.map((report) => [report.region, regionStateOf(report)])),
  dns: { answer: answer?.region ?? null, target: answer?.target ?? null, ttlSeconds: answer?.ttlSeconds ?? 0 },
  // Alarms are read from the templates and not evaluated here: CloudWatch's own word for that is INSUFFICIENT_DATA.
  alarms: alarms.map(({ slug, tier, region }) => ({
    slug,
    tier,
    region,
    state: 'INSUFFICIENT_DATA',
    sinceMs: startedAtMs,
  })),
  queues: reports.flatMap(({ region, admin }) => (admin?.queues ?? []).map((queue) => ({ region, ...queue }))),
  facts,
});

const regionStateOf = ({ process, network, routing, admin, lastLag }: RegionReport): RegionState => ({
  process,
  network,
  health: routing.health,
  checkers: { healthy: routing.votes.healthy, total: routing.votes.total },
  evacuated: routing.evacuated,
  viewLagMs: (network === 'connected' ? admin?.viewLagMs : undefined) ?? lastLag.viewLagMs + lastLag.ageMs,
});
