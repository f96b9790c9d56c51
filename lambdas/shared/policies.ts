// Owns how much patience there is with everything depended on, and how much is asked of it at a time, as numbers with their
// reasons: one place, read by all functions. What a format, a service or the ledger itself allows stands where that is dealt with.
// Leaves to breaker.ts and queue-worker.ts what is made of them. Which tool does what, and why:
// - Requests to AWS (ledger, views, catalog, readings, queues) are retried by the SDK's standard mode: it knows which exceptions
//   may be sent again, backs off exponentially with full jitter, and stops when its token bucket says that retries make it worse.
// - Breakers, bulkheads and the time-out of views are cockatiel's: the SDK has none.
// - A request of a payer to the ledger and a send to a queue have no breaker: refusing what might be accepted is worse than trying,
//   and a Region whose ledger is away is left by its payers within seconds (/health).
// - Processor and receivers of notices are never retried inside a request: the message comes back, later and with a new look.

import type { Downstream } from './metric-names.ts';

export interface BreakerPolicy {
  /** So many failures in a row open it. */
  readonly consecutiveFailures: number;
  /** Then one request finds out whether it is over. */
  readonly halfOpenAfterMs: number;
}

/** One breaker a downstream and worker. */
export const BREAKERS: Readonly<Record<Downstream, BreakerPolicy>> = {
  /** Each failure is four tries or five seconds already; traffic has moved when a second probe is due. */
  ledger: { consecutiveFailures: 3, halfOpenAfterMs: 5_000 },
  /**
   * One failure is a dropped connection; three in a row, and every further try only costs the payer a second. Half-open long
   * enough to spare a struggling table, short enough that payers are back on the view soon.
   */
  views: { consecutiveFailures: 3, halfOpenAfterMs: 5_000 },
  /** As the ledger: the same service, the same tries before a failure. */
  catalog: { consecutiveFailures: 3, halfOpenAfterMs: 5_000 },
  readings: { consecutiveFailures: 3, halfOpenAfterMs: 5_000 },
  /** A few requests fail on any day; five in a row are an outage. */
  processor: { consecutiveFailures: 5, halfOpenAfterMs: 5_000 },
  /** A receiver may refuse single notices for reasons of its own; it is one server of somebody's, spared for longer. */
  notices: { consecutiveFailures: 5, halfOpenAfterMs: 30_000 },
  /** Each failure is four tries already; paused sending and a spent quota last for minutes or hours, not seconds. */
  mail: { consecutiveFailures: 3, halfOpenAfterMs: 30_000 },
  /** Counting requests must not slow them down: two that took all their 250 ms are enough. */
  counts: { consecutiveFailures: 2, halfOpenAfterMs: 5_000 },
  /** As the ledger: four tries before each failure. */
  archive: { consecutiveFailures: 3, halfOpenAfterMs: 5_000 },
  /** A batch shares one read of a key, and a failure is four tries or five seconds already: two batches have found it away. */
  secrets: { consecutiveFailures: 2, halfOpenAfterMs: 5_000 },
};

/** How long one call may take. */
export const TIMEOUTS = {
  /** A query inside the Region takes single milliseconds; after 1 s the ledger, 70 ms away, is the quicker way. */
  viewCallMs: 1_000,
  /** Processors answer a card in 1 to 3 s, and at the worst in about 10; a batch of ten in parallel stays within the function's time. */
  processorCallMs: 10_000,
  /** A receiver of webhooks writes the notice down and answers; one that needs longer is told again. */
  noticeMs: 10_000,
  /** Another Region's page: Route 53's checkers give up after 6 s, 4 to connect and 2 for the answer; a cold start fits. */
  probeMs: 5_000,
  /** Each source of what else is going on while an alarm rings: a page that says less comes sooner than one that says all. */
  alarmContextMs: 3_000,
  /** A count that comes later than a payment takes is worth nothing: the request is let through (D17). */
  requestCountMs: 250,
} as const;

/** Requests to AWS. */
export interface AwsTiming {
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly callDeadlineMs: number;
}

export const AWS_TIMING: AwsTiming = {
  /** Inside a Region a TCP connection takes about 1 ms: after 500 the path is broken, and nothing has been sent yet. */
  connectTimeoutMs: 500,
  /** A strong write waits for one round trip to another Region, some 70 ms; 1,500 is 20 of them, and leaves time to try again. */
  requestTimeoutMs: 1_500,
  /** All tries, pauses and follow-up reads of one port call. A payer's client gives up on a Region soon after that. */
  callDeadlineMs: 5_000,
};

/** Requests to the archive: an object of up to 2 MB takes longer than an item, and nobody waits for it. */
export const ARCHIVE_TIMING: AwsTiming = {
  connectTimeoutMs: AWS_TIMING.connectTimeoutMs,
  requestTimeoutMs: 5_000,
  callDeadlineMs: 15_000,
};

/**
 * The SDK's standard mode: enough for a throttle or a dropped connection. Its pauses between four throttled tries may add up to
 * 7 s; the deadline of the call cuts them short.
 */
export const AWS_ATTEMPTS = 4;

/** A worker serves one request at a time; only a replay has more under way, and those wait rather than open more. */
export const AWS_SOCKETS = 50;

/** A health checker waits 2 s for its answer, so a heartbeat must have failed before that. */
export const HEARTBEAT_DEADLINE_MS = 1_500;

/** DESIGN D7. One success counts for 2 s; after 4 s without any the Region is left; the answer comes before the checker has gone. */
export const HEALTH = { cachedMs: 2_000, turnsAfterMs: 4_000, answersWithinMs: 1_400 } as const;

/** A deployment asks what the replica of its table is like: control plane, more patient than what a payer waits for. */
export const DEPLOYMENT = {
  timing: { connectTimeoutMs: 1_000, requestTimeoutMs: 5_000 },
  /** Between two looks at a replica that is being made, which takes minutes. */
  pollMs: 5_000,
  /** On a first deployment the function's role is seconds old, and DynamoDB may not know its rights yet. */
  newRoleGraceMs: 60_000,
  /** CloudFormation's answer: four tries of 4 s and the pauses after three of them, 500 ms longer each … */
  answer: { tries: 4, timeoutMs: 4_000, pauseMs: 500 },
  /** … kept back for it, or the stack would wait an hour for a function that ran out of time. */
  answerReserveMs: 25_000,
} as const;

export interface RetryPolicy {
  readonly tries: number;
  /** The first pause is below it, each further one below twice the one before … */
  readonly baseMs: number;
  /** … and none above this. */
  readonly capMs: number;
}

/** Tries that are ours, since the SDK sees no failure in them; all with full jitter. */
export const RETRIES = {
  /**
   * A lost race on a stream: somebody else's fact was stored, and ten in a row on one bill or payment are no longer a race. A strong
   * write takes some 70 ms: the first pauses spread the losers over about that, the last over half a second.
   */
  lostRace: { tries: 10, baseMs: 50, capMs: 500 },
  /**
   * A transaction lost against other appliers of the same account's view, 20 ms to a second apart; after that the stream delivers the
   * batch again.
   */
  viewConflict: { tries: 10, baseMs: 20, capMs: 1_000 },
  /**
   * What a batch left over: DynamoDB throttled it, and asks for a pause before the rest is sent again (API reference, BatchGetItem
   * and BatchWriteItem). All tries stay far below the deadline of the call.
   */
  batchRest: { tries: 5, baseMs: 50, capMs: 500 },
  /** Entries of a batch that SQS failed on its own side; the whole request is tried again by the SDK. */
  queueEntry: { tries: 3, baseMs: 50, capMs: 500 },
  /** Of a probe: with its time-outs 25 s at the worst, so that the minute's verdict is in before the next one is due. */
  probe: { tries: 3, baseMs: 5_000, capMs: 5_000 },
  /** A page of a rebuild: nobody waits, and after four tries of the SDK's own a throttled table is given up to 8 s. Then the next call. */
  rebuiltPage: { tries: 5, baseMs: 500, capMs: 8_000 },
} as const satisfies Readonly<Record<string, RetryPolicy>>;

/** Bulkheads inside one worker: requests under way at once. Between workers they are reserved and maximum concurrency (lib/). */
export const AT_ONCE = {
  /** Batches of ten of one send: enough to hide the round trips, few enough for a small function. */
  queueBatches: 8,
  /** Puts of one part of a batch of readings: a hundred days end within a second, and the table is not hit by all. */
  readingPuts: 8,
  /** Facts of one seal: 2,000 of them are read within a second or two. */
  archivedFactReads: 16,
  /** Meters of an account that are rated: their days come in a few queries each. */
  metersRated: 5,
  /** Accounts, then watermarks, of a stream batch: every shard has such a batch under way, and all write to the same table. */
  projected: 4,
  /** Accounts of one call to the view: a page of a rebuild brings many, four pages at a time, the stream function one. */
  accountsApplied: 8,
  /** Streams that the sweep or the reconciliation reads: neither is in a hurry, and payers read the same tables. */
  streamsRead: 8,
} as const;

/** What one answer to a payer or an operator may read, and for how long a worker keeps what it has read. */
export const READS = {
  /** About 50 KB of usual facts: well under DynamoDB's 1 MB, enough for most answers at once. In all ten thousand: more is not served. */
  view: {
    pageFacts: 50,
    maxPages: 200,
    /** Of bills, newest first: most payers owe the last one or two, each a few facts. */
    firstBillFacts: 6,
  },
  /** Of the view, by a worker: some 10 MB of usual facts, 100 at the worst, of 1 GB. A line that is repaired leaves the totals as they are: it is seen after this long at most. */
  kept: { facts: 5_000, forMs: 300_000 },
  /** A fact that arrives during a lookup has it done again: three times, and the account is busier than any payer's. */
  lookupTries: 3,
  /** About 2 MB of the ledger: what a worker reads within a few seconds. Larger accounts wait for the view. */
  fallback: { pageFacts: 500, maxFacts: 2_000 },
  /** Facts looked through for a command: some ten years of a busy payer. */
  commandSearch: { pageFacts: 500, maxFacts: 5_000 },
  /** Facts of one account on one day before an instant: no account of a utility comes near. */
  day: { pageFacts: 1_000, maxPages: 50 },
  /** Heartbeats come every 2 s: asking for the watermark more often than every second shows nothing new … */
  watermarkCachedMs: 1_000,
  /** … and whether the view is whole is asked anew with each that moved; else as often as they come. */
  trustCachedMs: 2_000,
} as const;

/** Of runs that a schedule starts: what one of them takes on. The next goes on where it ended. */
export const RUNS = {
  /**
   * Younger open work is on a queue: the other Region's copy comes after one minute, and an ordinary charge takes seconds. An outage
   * leaves more rows open than one run can read: it begins at another shard each time.
   */
  sweep: { olderThanMs: 600_000, pageRows: 100, maxRows: 20_000 },
  /** Items of the catalog a page, and pages: five million meters and tariffs. */
  billRun: { pageItems: 1_000, maxPages: 5_000 },
  /**
   * Of the report, of a shard of an hour's outcomes, of open work: together 200,000 an hour. No part is begun after 5 min: the function
   * has 10, and a part of a full hour takes four.
   */
  reconciliation: { pageEntries: 100, maxPages: 2_000, beginsUntilMs: 300_000 },
  /** Called every minute: the page under way at the end of it takes a few seconds, and two calls rarely meet. */
  rebuild: {
    lastsMs: 50_000,
    /** About 250 KB in memory per segment. */
    pageItems: 250,
    /** What a new Region's ledger may hold for its view to be made whole at once, unnoticed by any lookup. */
    smallLedgerItems: 1_000,
  },
} as const;

/** The Region that did not accept a fact waits before it works on it: by then the accepting one is done, or dead. */
export const OTHER_REGION_DELAY_SECONDS = 60;

/** Of one settlement message: a charge takes two steps and a refund two. What is left after so many comes with the next delivery. */
export const SETTLEMENT_STEPS = 12;

/** How a worker treats the messages of its queue. */
export interface WorkPolicy {
  /** Messages of a batch that are worked at the same time: the bulkhead before what they need. */
  readonly atOnce: number;
  /** A delayed copy comes after a random time below it, doubled for each time the work has waited … */
  readonly waitBaseSeconds: number;
  /** … up to this; SQS takes no more than 900. */
  readonly waitCapSeconds: number;
  /** Work that has waited for so long fails like any other, so that after its receives it lies in the DLQ for somebody to see. */
  readonly giveUpAfterMs: number;
}

const HOUR_MS = 3_600_000;

export const WORK: Readonly<Record<'intake' | 'bill-runs' | 'settlements' | 'notices' | 'archive', WorkPolicy>> = {
  /** One part after the other: each writes up to 100 days at eight at a time. A feeder that has its 202 does not send again. */
  intake: { atOnce: 1, waitBaseSeconds: 5, waitCapSeconds: 300, giveUpAfterMs: 72 * HOUR_MS },
  /** One account after the other: nobody waits for a bill. The run of the next day asks again. */
  'bill-runs': { atOnce: 1, waitBaseSeconds: 30, waitCapSeconds: 900, giveUpAfterMs: 24 * HOUR_MS },
  /** Ten cards at once wait for a processor, not for us. Money: seldom more than two minutes late. The sweep asks on after the DLQ. */
  settlements: { atOnce: 10, waitBaseSeconds: 5, waitCapSeconds: 120, giveUpAfterMs: 24 * HOUR_MS },
  /** Ten receivers' answers at once. Retries over days; after three the news is old. */
  notices: { atOnce: 10, waitBaseSeconds: 30, waitCapSeconds: 900, giveUpAfterMs: 72 * HOUR_MS },
  /** One seal after the other: each may hold 2,000 facts. The ledger keeps what waits; three days outlast a lost Region of S3. */
  archive: { atOnce: 1, waitBaseSeconds: 30, waitCapSeconds: 900, giveUpAfterMs: 72 * HOUR_MS },
};

const MINUTE_MS = 60_000;

/** Dead letters that go back without a person, and those that one sends back (D23). */
export const REDRIVES = {
  /** A fiftieth of what SQS can do: the workers meet the backlog beside today's work. */
  messagesPerSecond: 10,
  /** What made work fail must be over for so long: longer than any queue hides a message between two tries, so all have been seen. */
  calmMs: 15 * MINUTE_MS,
  /** A queue of some 30,000 letters is empty by then, and its alarm OK; one that still rings has them back. */
  clearsWithinMs: HOUR_MS,
  /** SQS ends a move after that. */
  moveWithinMs: 36 * HOUR_MS,
} as const;

/** Seals: how soon windows are closed, how much one run does, how long silence may last (D19). */
export const SEALS = {
  /** A window is closed so long after its end: a stream that is well is seconds behind, and what comes later is sealed as late. */
  graceMs: 30_000,
  /** Chains worked on at once: a strong read takes some 70 ms, so all 64 take half a second. */
  bucketsAtOnce: 8,
  /** Seals read at a time: the largest ones together are below the 1 MB that a query gives. */
  sealsPerRead: 4,
  /** Reads, and seals made, of one chain in one run; the next one goes on. */
  stepsPerRun: 25,
  /** A run begins nothing after that; the next one comes after a minute. */
  budgetMs: 45_000,
  /** Clocks of two Regions: by that much a watermark must be past the time of a seal before its facts count as missing. */
  clockSlackMs: 3_000,
  /** The stream keeps records for a day: an older fact that is new to a view comes from the ledger, and was sealed long ago. */
  unsealedReachMs: 24 * 60 * MINUTE_MS,
  /** Facts of one account that are compared when its view lacks some; one with more is left to the scrubber. */
  factsPerMend: 5_000,
} as const;

/** Both Regions archive a seal within two minutes; a breaker and a delayed message make it a few more. Until then an object may be missing. */
export const ARCHIVED_AFTER_MS = 15 * MINUTE_MS;

/** Facts may come into an account while it is looked at, which takes some 20 ms: three looks that all meet one are a busy account. */
export const LOOKS_AT_ACCOUNT = 3;

/** Looks at one account in one repair: ledger, view and sums are three, and a lost race costs one more. What is left then is left to the next. */
export const REPAIR_ROUNDS = 8;

/** The scrubber, called every minute. */
export const SCRUB = {
  /**
   * Items of each table that it goes over in a call. A million facts take three and a half days, about a dollar and a half a month and
   * Region (docs/cost.md); what somebody reads or changes meanwhile is looked at within a minute anyway.
   */
  itemsPerCall: 200,
  /** One request, and at most so many accounts to look at before the place is kept. */
  pageItems: 100,
  /** The account under way at the end of it takes seconds; the next call comes after 60. */
  budgetMs: 40_000,
} as const;
