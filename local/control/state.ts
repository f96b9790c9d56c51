// Owns the shape of `GET /api/state`, as callers outside rely on it, and how it is put together.
// Leaves to the processes what they know, to alarm-states.ts the alarms.
import type { LedgerAdminState, RegionAdminState } from '../processes.ts';
import type { DnsAnswer, RegionHealth } from '../route53/route53.ts';
import type { AlarmState } from './alarm-states.ts';

export interface RegionState {
  readonly process: 'up' | 'down';
  readonly network: 'connected' | 'isolated';
  readonly health: 'healthy' | 'unhealthy';
  readonly checkers: { readonly healthy: number; readonly total: number };
  readonly evacuated: boolean;
  readonly viewLagMs: number;
}

export interface QueueState {
  readonly region: string;
  readonly slug: string;
  readonly visible: number;
  readonly inFlight: number;
  /** Sent with a delay that is not over. */
  readonly delayed: number;
  readonly oldestAgeMs: number;
  readonly dlq: number;
}

export interface ControlState {
  readonly regions: Readonly<Record<string, RegionState>>;
  readonly dns: { readonly answer: string | null; readonly target: string | null; readonly ttlSeconds: number };
  readonly alarms: readonly AlarmState[];
  readonly queues: readonly QueueState[];
  readonly facts: LedgerAdminState['facts'];
  readonly clock: ClockState;
}

/** The time that every part of the run sees: `offsetMs` ahead of the machine's. */
export interface ClockState {
  readonly nowMs: number;
  readonly offsetMs: number;
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
  alarms: readonly AlarmState[],
  facts: LedgerAdminState['facts'],
  clock: ClockState,
): ControlState => ({
  regions: Object.fromEntries(reports.map((report) => [report.region, regionStateOf(report)])),
  dns: { answer: answer?.region ?? null, target: answer?.target ?? null, ttlSeconds: answer?.ttlSeconds ?? 0 },
  alarms,
  queues: reports.flatMap(({ region, admin }) => (admin?.queues ?? []).map((queue) => ({ region, ...queue }))),
  facts,
  clock,
});

const regionStateOf = ({ process, network, routing, admin, lastLag }: RegionReport): RegionState => ({
  process,
  network,
  health: routing.health,
  checkers: { healthy: routing.votes.healthy, total: routing.votes.total },
  evacuated: routing.evacuated,
  viewLagMs: (network === 'connected' ? admin?.viewLagMs : undefined) ?? lastLag.viewLagMs + lastLag.ageMs,
});
