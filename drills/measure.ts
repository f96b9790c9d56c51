// Owns the figures of a drill, as a pure function of its recording.
// Leaves to promises.ts which of them were promised, and to reports/ how they look.
import { percentile } from '../local/percentile.ts';
import { CHECKERS_PER_ENDPOINT } from '../local/route53/checker-fleet.ts';
import { HEALTHY_SHARE } from '../local/route53/health.ts';
import { type FailoverPrediction, predictFailover } from '../local/route53/predict-failover.ts';
import { LONGEST_PROPAGATION_MS, SHORTEST_PROPAGATION_MS } from '../local/route53/propagation.ts';
import { type Arrival, RETRY_PAUSE_MS } from './load/open-load.ts';
import { PAYER_KINDS, type PayerKind } from './load/payer.ts';
import { PAYERS_OF_A_KIND } from './load/payers.ts';
import type { Recording } from './recording.ts';

export interface PayersMeasured {
  readonly payments: number;
  /** Acknowledged at the first sending, of all, 0 to 1. */
  readonly availability: number;
  /** The longest that anybody waited for an acknowledgement, own retries included, from when the payment was due or the first fault. */
  readonly rtoMs: number | null;
  /** Before the first fault. */
  readonly steady: Latency;
  /** From the first fault on. */
  readonly faulted: Latency;
}

interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface AlarmMeasured {
  readonly slug: string;
  readonly tier: string;
  readonly region: string;
  /** From the first fault, by the run's clock. */
  readonly afterMs: number;
}

export interface Measured {
  readonly payers: Readonly<Record<PayerKind, PayersMeasured>>;
  readonly payments: number;
  readonly lost: number | null;
  readonly doubled: number | null;
  /** In the ledger under another id than its payer was told. */
  readonly misnamed: number | null;
  /** Never acknowledged, although asked for until the end. */
  readonly unknown: number;
  /** Of those, in the ledger: found by asking once more. */
  readonly unknownButStored: number | null;
  readonly rpoFacts: number | null;
  readonly viewsAgree: boolean;
  readonly chargedTwice: number | null;
  readonly settled: number | null;
  /** Of the sendings over DNS since the first fault: refused or not answered, 0 to 1. */
  readonly failedShare: number;
  /** Sendings that were refused or not answered once the last fault was over. */
  readonly refusedSinceHealed: number;
  /** From the first fault until DNS answers with another Region; null when it never did. */
  readonly dnsMovedMs: number | null;
  /** Of a failover over DNS with these templates, by the model that runs here. */
  readonly predicted: FailoverPrediction;
  readonly addedWriteMs: number;
  readonly alarms: readonly AlarmMeasured[];
}

export const measure = (recording: Recording): Measured => {
  const { arrivals, bands, findings, routing, samples, writeLatency } = recording;
  const faultAtMs = bands[0]?.fromMs ?? Number.POSITIVE_INFINITY;
  const healedAtMs = Math.max(...bands.map(({ untilMs }) => untilMs ?? Number.POSITIVE_INFINITY));
  const ofKind = (kind: PayerKind) => arrivals.filter((arrival) => arrival.kind === kind);
  const moved = samples.find(({ atMs, answer }) => atMs >= faultAtMs && answer !== recording.home);
  return {
    payers: Object.fromEntries(
      PAYER_KINDS.map((kind) => [kind, measurePayers(ofKind(kind), faultAtMs)] as const),
    ) as Readonly<Record<PayerKind, PayersMeasured>>,
    payments: arrivals.length,
    lost: findings?.audit.lost.length ?? null,
    doubled: findings?.audit.doubled.length ?? null,
    misnamed: findings?.audit.misnamed.length ?? null,
    unknown: arrivals.filter(({ acknowledged }) => acknowledged === undefined).length,
    unknownButStored: findings?.audit.unacknowledgedButStored ?? null,
    rpoFacts: recording.rpoFacts ?? findings?.audit.lost.length ?? null,
    viewsAgree: findings?.agreeingViews.length === recording.regionNames.length,
    chargedTwice: findings?.chargedTwice ?? null,
    settled: findings?.settled ?? null,
    failedShare: measureFailedShare(recording, faultAtMs),
    refusedSinceHealed: recording.refusals.filter(({ atMs }) => atMs > healedAtMs).length,
    dnsMovedMs: moved === undefined ? null : moved.atMs - faultAtMs,
    predicted: predictFailover({
      ...routing,
      checkers: CHECKERS_PER_ENDPOINT,
      healthyShare: HEALTHY_SHARE,
      propagationMs: { shortest: SHORTEST_PROPAGATION_MS, longest: LONGEST_PROPAGATION_MS },
      payers: PAYERS_OF_A_KIND,
      retryPauseMs: RETRY_PAUSE_MS,
    }),
    addedWriteMs: writeLatency.ledgerMs - writeLatency.singleRegionMs,
    alarms: measureAlarms(recording),
  };
};

const measurePayers = (arrivals: readonly Arrival[], faultAtMs: number): PayersMeasured => {
  const waits = (some: readonly Arrival[]): readonly number[] =>
    some.flatMap(({ dueMs, acknowledgedMs }) => (acknowledgedMs === undefined ? [] : [acknowledgedMs - dueMs]));
  const latency = (some: readonly Arrival[]): Latency => ({
    p50Ms: percentile(waits(some), 50),
    p99Ms: percentile(waits(some), 99),
  });
  const before = arrivals.filter(({ acknowledgedMs = faultAtMs }) => acknowledgedMs < faultAtMs);
  const since = arrivals.filter(({ acknowledgedMs = faultAtMs }) => acknowledgedMs >= faultAtMs);
  const sinceFault = since.map(({ dueMs, acknowledgedMs }) =>
    acknowledgedMs === undefined ? Number.POSITIVE_INFINITY : acknowledgedMs - Math.max(dueMs, faultAtMs),
  );
  const rtoMs = Math.max(0, ...sinceFault);
  return {
    payments: arrivals.length,
    availability:
      arrivals.filter(({ acknowledged, sendings }) => acknowledged && sendings === 1).length / arrivals.length,
    rtoMs: Number.isFinite(rtoMs) ? rtoMs : null,
    steady: latency(before),
    faulted: latency(since),
  };
};

const measureFailedShare = ({ arrivals, refusals }: Recording, faultAtMs: number): number => {
  const isOverDns = ({ kind }: { readonly kind: PayerKind }): boolean => kind !== 'library';
  const failed = refusals.filter((one) => isOverDns(one) && one.atMs >= faultAtMs).length;
  const paid = arrivals.filter((one) => isOverDns(one) && (one.acknowledgedMs ?? 0) >= faultAtMs).length;
  return failed === 0 ? 0 : failed / (failed + paid);
};

/** Each alarm that began to ring after the first fault, once. */
const measureAlarms = ({ bands, samples }: Recording): readonly AlarmMeasured[] => {
  const [first] = bands;
  if (first === undefined) return [];
  const faultAtMs = first.fromMs + first.clockOffsetMs;
  const found = new Map<string, AlarmMeasured>();
  for (const { slug, tier, region, sinceMs } of samples.flatMap(({ ringing }) => ringing)) {
    const name = `${slug} ${region}`;
    if (sinceMs >= faultAtMs && !found.has(name)) found.set(name, { slug, tier, region, afterMs: sinceMs - faultAtMs });
  }
  return [...found.values()].sort((one, other) => one.afterMs - other.afterMs);
};
