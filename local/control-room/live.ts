// Owns the shape of what the control room's page is told: once when it opens, and then every second.
// Leaves to control/state.ts the state of the run, which is the same for everybody who asks.
import type { ControlState } from '../control/state.ts';

/** What does not change while a run lasts, and what the chart shows of the time before the page was opened. */
export interface Opening {
  readonly jurisdiction: string;
  /** What payers call. */
  readonly hostname: string;
  /** In the order of the configuration. */
  readonly regions: readonly string[];
  readonly witness: string;
  readonly samples: readonly Sample[];
}

/** One second of the timeline. */
export interface Sample {
  /** Epoch milliseconds of the machine. */
  readonly atMs: number;
  /** Requests that each Region has answered. */
  readonly answered: Readonly<Record<string, number>>;
  /** Requests that were told to come again later: 429 and 503. */
  readonly refused: number;
  /** Requests without an answer, and 5xx. */
  readonly failed: number;
  readonly viewLagMs: Readonly<Record<string, number>>;
}

/** The requests of one Region through the front door, over the last seconds. */
export interface RegionTraffic {
  /** Of all requests, 0 to 1. */
  readonly share: number;
  readonly perSecond: number;
  readonly refusedPerSecond: number;
  readonly failedPerSecond: number;
  /** Of answers; null without any. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

export interface TrafficReport {
  readonly windowSeconds: number;
  readonly perSecond: number;
  /** No Region was found for them: DNS had no answer. */
  readonly unroutedPerSecond: number;
  readonly regions: Readonly<Record<string, RegionTraffic>>;
}

export interface PayersReport {
  readonly running: boolean;
  readonly perSecond: number;
  /** Begun and not acknowledged: their payers try again with the same key. */
  readonly underWay: number;
  /** Milliseconds until they stop by themselves. */
  readonly leftMs: number;
}

/** Acknowledgments, compared with what is in the ledger. */
export interface AuditReport {
  /** Payments that were begun, acknowledged or not. */
  readonly begun: number;
  /** Payments whose payer holds a 201. */
  readonly acknowledged: number;
  /** Of the acknowledged: those that have been looked up in the ledger. */
  readonly checked: number;
  readonly settled: number;
  /** Acknowledged, and not in the ledger. */
  readonly lost: number;
  /** More than once in the ledger, or settled more than once. */
  readonly doubled: number;
  /** Facts whose checksum does not match their body. */
  readonly damaged: number;
  /** Milliseconds since the account that has waited longest was looked at; null before the first look at each. */
  readonly oldestLookMs: number | null;
  /** Why the ledger could not be looked at, in one line. */
  readonly trouble: string | null;
}

export interface FloodReport {
  readonly running: boolean;
  readonly perSecond: number;
  readonly lastsSeconds: number;
  readonly sent: number;
  readonly accepted: number;
  /** With 429 or 503. */
  readonly refused: number;
  readonly failed: number;
}

export interface CorruptionReport {
  readonly region: string;
  readonly where: 'ledger' | 'view';
  readonly account: string;
  readonly key: string;
  readonly sinceMs: number;
  /** Milliseconds it took until the item was what it had been; null while it is not. */
  readonly mendedAfterMs: number | null;
}

export interface PoisonReport {
  readonly region: string;
  readonly queue: string;
  readonly messages: number;
}

export interface Happening {
  /** Epoch milliseconds of the machine. */
  readonly atMs: number;
  readonly subject: string;
  readonly before: string;
  readonly now: string;
}

export interface Live {
  readonly atMs: number;
  /** Absent when the ledger process did not answer. */
  readonly state?: ControlState;
  readonly traffic: TrafficReport;
  readonly payers: PayersReport;
  readonly audit: AuditReport;
  readonly flood: FloodReport;
  readonly corruption: CorruptionReport | null;
  readonly poison: readonly PoisonReport[];
  /** Newest first. */
  readonly happenings: readonly Happening[];
  readonly sample: Sample;
}

export interface DrillReport {
  readonly name: string;
  /** Below the control room's own address. */
  readonly href: string;
  readonly atMs: number;
}
