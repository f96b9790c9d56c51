// Owns which faults there are, in the words of the report.
// Leaves to the stores, queues and workers what each of them does, to plan/make-plan.ts when they come.

export const FAULT_KINDS = {
  // The ledger: one strongly consistent table over two Regions and a witness.
  throttles: 'the ledger refuses for lack of capacity',
  'write-conflicts':
    'the other Region writes the same item: ReplicatedWriteConflictException to the end of all retries',
  'lost-requests': 'a write never arrives, and nobody says so',
  'lost-answers': 'a write happens, and its answer is lost',
  'late-writes': 'a write happens seconds after its caller has given up',
  'stale-reads': 'an eventually consistent read misses what is acknowledged',
  'slow-replica': 'a Region’s copy of the ledger, and with it its stream, falls behind',
  // The Regions.
  partition: 'lines between Regions and witness are cut, in every shape',
  'region-loss': 'a Region is gone, with every worker in it, and comes back',
  'stream-past-retention': 'a Region’s stream is not read until records have left it unread',
  'clock-skew': 'a Region’s clock is seconds off',
  'worker-crashes': 'a worker dies between two steps',
  // What carries work.
  'repeated-batches': 'a batch of the stream comes again',
  'slow-shards': 'shards of a stream overtake each other',
  'repeated-messages': 'a message of a queue comes again',
  'late-messages': 'messages of a queue overtake each other',
  'failed-sends': 'a queue does not take a message, or took it and says it did not',
  'late-copies': 'readings and profiles reach the other Region minutes later',
  // What is depended on.
  'views-away': 'the view’s table does not answer',
  'slow-views': 'the view’s table takes its time',
  'view-writes-away': 'the view’s table takes no writes, and answers reads',
  'region-state-away': 'the Region’s small state does not answer',
  'archive-away': 'the archive does not answer',
  'notices-away': 'the receiver of notices does not answer, or took one and does not say so',
  'processor-away': 'the processor does not answer',
  'processor-lost-answers': 'the processor has done it, and its answer is lost',
  'charges-under-way': 'the processor does not know yet how a charge ends',
  'refunds-refused': 'the processor cannot send money back for good',
  'client-cut-off': 'a client’s request or its answer is lost',
  // Storage.
  'damaged-facts': 'a stored fact’s bytes change in the ledger',
  'damaged-lines': 'a line of a view changes',
  'lost-lines': 'a line of a view disappears',
  'damaged-sums': 'a sum of a view changes',
} as const;

export type FaultKind = keyof typeof FAULT_KINDS;
export const ALL_FAULTS = Object.keys(FAULT_KINDS) as readonly FaultKind[];
