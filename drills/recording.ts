// Owns what is left of a drill once it is over: everything that was seen, and nothing that was made of it.
// Leaves to measure.ts the figures.
import type { Audit } from './auditor/auditor.ts';
import type { Arrival, Refusal } from './load/open-load.ts';
import type { Sample } from './observation.ts';
import type { WriteLatency } from './write-latency.ts';

export interface FaultBand {
  readonly what: string;
  readonly fromMs: number;
  /** How far the run's clock was ahead of the machine's then. */
  readonly clockOffsetMs: number;
  untilMs?: number;
}

export interface Mark {
  readonly what: string;
  readonly atMs: number;
}

export interface Routing {
  readonly requestIntervalSeconds: number;
  readonly failureThreshold: number;
  readonly ttlSeconds: number;
  /** From the fault until a look at /health fails, milliseconds: 0 for a Region that is gone. */
  readonly failsAfterMs: number;
}

/** What is found once everything is put right. */
export interface Findings {
  readonly audit: Audit;
  /** Regions whose view has each account's balance as its payers paid it. */
  readonly agreeingViews: readonly string[];
  /** Payments that the processor's own books show collected more than once. */
  readonly chargedTwice: number;
  readonly settled: number;
}

export interface Recording {
  readonly regionNames: readonly string[];
  readonly home: string;
  readonly routing: Routing;
  readonly writeLatency: WriteLatency;
  /** Epoch milliseconds of the first payer's arrival. */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly arrivals: readonly Arrival[];
  readonly refusals: readonly Refusal[];
  readonly samples: readonly Sample[];
  readonly bands: readonly FaultBand[];
  readonly marks: readonly Mark[];
  readonly rpoFacts: number | undefined;
  /** Absent after a drill that was broken off before. */
  readonly findings?: Findings;
  /** Why it was broken off. */
  readonly broken?: string;
}
