// Owns the names of the metrics that handlers publish, in namespace `Baseload`, dimension `service` = the capability's slug or, for
// those that concern the whole Region, REGION_WIDE_SERVICE.
// Leaves to lib/alarms which of them wakes somebody.

export const METRICS = {
  /** Payments written by this request, those of test accounts left out: count. */
  paymentsAccepted: 'PaymentsAccepted',
  /** Payments answered again from the fact stored under their key: count. */
  paymentsReplayed: 'PaymentsReplayed',
  /** The ledger refused or could not be reached before anything was written: count. */
  ledgerNotAttempted: 'LedgerNotAttempted',
  /** The ledger did not say whether it wrote: count. */
  ledgerOutcomeUnknown: 'LedgerOutcomeUnknown',
  /** The ledger asked for patience: count, part of the two above. */
  ledgerThrottled: 'LedgerThrottled',
  /** An item of the ledger, the view or the stream whose checksum, key or shape does not hold: count. */
  corruptFact: 'CorruptFact',
  /** An existing fact was changed or removed behind the application's back: count. */
  tamperedFact: 'TamperedFact',
  /** A fact that follows a clock too far ahead was refused: count. */
  clockSkewRefusals: 'ClockSkewRefusals',
  /** Requests answered 429 for the limit of their account: count. */
  accountLimitRefusals: 'AccountLimitRefusals',
  /** Requests let through because the shared count did not come: count. */
  requestCounterFailures: 'RequestCounterFailures',
  /** Errors nobody foresaw, answered with 500: count. */
  internalErrors: 'InternalErrors',
  /** 1 when a request was answered with 5xx, 0 when not: the average is the share of failures, the sample count all requests. */
  unavailable: 'Unavailable',
  /** The same over all functions of the API, for the Region as a whole; requests of checkers are in neither. */
  apiUnavailable: 'ApiUnavailable',
  /** From the event to the answer: milliseconds. */
  requestMs: 'RequestMs',
  /** Lookups answered from the ledger because the view failed, or is not known to be whole: count. */
  viewFallbacks: 'ViewFallbacks',
  /** Age of the oldest own heartbeat the view has seen: milliseconds. */
  viewStalenessMs: 'ViewStalenessMs',
  /** 1 when /health says so, 0 when not: the average is the share of healthy answers. */
  regionHealthy: 'RegionHealthy',
  /** Facts handed to the view, repeats included: count. */
  factsProjected: 'FactsProjected',
  /** Age of a peer's heartbeat when it came through this Region's stream: milliseconds, the largest of a batch. */
  replicationLagMs: 'ReplicationLagMs',
  /** Age of an own heartbeat when it came through this Region's stream: milliseconds, the largest of a batch. */
  projectionLagMs: 'ProjectionLagMs',
  /** Charges the processor has collected and this worker recorded: count. */
  paymentsSettled: 'PaymentsSettled',
  /** Charges the processor has refused for good: count. */
  paymentsDeclined: 'PaymentsDeclined',
  /** Refunds and reversals whose money has left: count. */
  refundsSettled: 'RefundsSettled',
  /** Refunds and reversals whose money could not be sent back for good: count. */
  refundsFailed: 'RefundsFailed',
  /** Intervals of readings that were put on the queue before their 202: count. */
  readingsAccepted: 'ReadingsAccepted',
  /** Days of a meter's register stored from the queue, repeats included: count. */
  meterDaysStored: 'MeterDaysStored',
  /** Notices that the other side has taken: count. */
  noticesDelivered: 'NoticesDelivered',
  /** Notices that the other side refused for good, dropped: count. */
  noticesUndeliverable: 'NoticesUndeliverable',
  /** Messages put back with a delay, so that they burn no receive: count. */
  workPostponed: 'WorkPostponed',
  /** A breaker has opened, in namespace `Baseload` with DOWNSTREAM_DIMENSION alone: count. */
  breakerOpened: 'BreakerOpened',
  /** Messages handed back as failed, on their way to the dead-letter queue: count. */
  workFailures: 'WorkFailures',
  /** Facts that a queue did not take, handed back for another try: count. */
  dispatchFailures: 'DispatchFailures',
  /** Payments that the sweep found open for too long and handed to the workers again: count. */
  workSwept: 'WorkSwept',
  /** Accounts that a bill run has put on its queue: count. */
  billRunAccounts: 'BillRunAccounts',
  /** Seals whose facts this function has put into the archive, repeats left out: count. */
  sealsArchived: 'SealsArchived',
  /** Objects of the archive that do not hold what their seal says: count. */
  archiveDifferences: 'ArchiveDifferences',
  /** Bills issued by a run: count. */
  billsIssued: 'BillsIssued',
  /** Bills that a run could not issue, for want of usage or a tariff: count. */
  billsHeldBack: 'BillsHeldBack',
  /** How much of the ledger this Region's view was rebuilt from: percent, 100 while the view is whole. */
  rehydrationProgress: 'RehydrationProgress',
  /** Times that facts may have left the stream unread, so that the view is rebuilt: count. */
  streamGaps: 'StreamGaps',
  /** Differences between the processor's report and the ledger, recorded by this function for the first time: count. */
  reconciliationDifferences: 'ReconciliationDifferences',
  /** 1 when the peer's /health says so, or it is evacuated; 0 when not: once a minute, by probe-peer. */
  peerHealthy: 'PeerHealthy',
  /** 1 when the payers' hostname leads to a healthy Region, 0 when to none though one is: once a minute, by probe-peer. */
  routingAnswers: 'RoutingAnswers',
  /** Facts that this Region has put under a seal: count. */
  factsSealed: 'FactsSealed',
  /** Of those, the ones of a window that was closed before: count. */
  factsSealedLate: 'FactsSealedLate',
  /** Seals that this Region has found its own data to agree with, its own among them: count. */
  sealsVerified: 'SealsVerified',
  /** Age of the oldest seal that this Region cannot verify yet, 0 when there is none: milliseconds. */
  oldestUnverifiedSealMs: 'OldestUnverifiedSealMs',
  /** Sealed facts that the ledger does not hold as they were sealed, and seals that break their chain: count. */
  sealDifferences: 'SealDifferences',
  /** Sealed facts that this Region's view lacked, put back from the ledger: count. */
  viewFactsMended: 'ViewFactsMended',
  /** Items of the ledger, rows of the view and sums that were damaged or gone and were put right from a copy: count. */
  factsRepaired: 'FactsRepaired',
  /** Items of ledger and view that the scrubber has gone over in a call, 0 of empty tables: count, once a minute. */
  itemsScrubbed: 'ItemsScrubbed',
  /** Stream records handed back for another try: count. */
  projectionFailures: 'ProjectionFailures',
} as const;

/** What functions depend on, as breakers and their policies name it. */
export const DOWNSTREAMS = [
  'ledger',
  'views',
  'catalog',
  'readings',
  'processor',
  'notices',
  'mail',
  'counts',
  'archive',
  'secrets',
] as const;
export type Downstream = (typeof DOWNSTREAMS)[number];

/** Of BreakerOpened: one of DOWNSTREAMS. */
export const DOWNSTREAM_DIMENSION = 'downstream';

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/**
 * Of the Region as a whole, whichever function counts it: published once under this service, so that no function can be left out of
 * an alarm, which may look at ten metrics at most.
 */
export const REGION_WIDE_METRICS: ReadonlySet<MetricName> = new Set([
  METRICS.corruptFact,
  METRICS.tamperedFact,
  METRICS.clockSkewRefusals,
  METRICS.dispatchFailures,
  METRICS.apiUnavailable,
]);
