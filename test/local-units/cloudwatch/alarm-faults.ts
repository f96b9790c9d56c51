// Owns what goes wrong so that each alarm of the registry rings: in words for the table, and as what is measured in a minute.
// Leaves to template-alarms.test.ts how long that takes. A new alarm gets its row here, unless it is one of a family below.
import { METRICS } from '../../../lambdas/shared/metric-names.ts';
import { QUEUES } from '../../../lambdas/shared/names.ts';
import { WATCHED_SLUGS } from '../../../lib/alarms/function-errors.ts';
import { type AlarmSlug, queueAlarms } from '../../../lib/alarms/registry.ts';
import { ROUTE_GROUP_NAMES } from '../../../lib/alarms/route-groups.ts';

/** By the name of a metric, of each metric of the alarm that has it: the values of one minute. Not named: nothing is published. */
export type Measured = Readonly<Record<string, readonly number[]>>;

export interface AlarmFault {
  /** Ends the sentence: this is what goes on. */
  readonly fault: string;
  /** While all is well; `minute` counts up. */
  readonly well: (minute: number) => Measured;
  /** While the fault goes on. */
  readonly ill: Measured;
}

const when = (fault: string, well: Measured, ill: Measured): AlarmFault => ({ fault, well: () => well, ill });
/** What is counted only when it happens. */
const counted = (fault: string, metric: string, times = 1): AlarmFault => when(fault, {}, { [metric]: [times] });
const requests = (count: number, failed = 0): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index < failed ? 1 : 0));
/** Never quite the same: a band needs some breadth. */
const usually = (minute: number): number => (minute % 2 === 0 ? 90 : 110);
const halfFails = (fault: string): AlarmFault =>
  when(
    fault,
    { [METRICS.apiUnavailable]: requests(100), Errors: [0], Throttles: [0] },
    { [METRICS.apiUnavailable]: requests(100, 50), Errors: [0], Throttles: [0] },
  );

const FAMILIES: readonly (readonly [AlarmSlug, AlarmFault])[] = [
  ...WATCHED_SLUGS.map(
    (slug) =>
      [
        `${slug}-errors`,
        when(`a call of ${slug} crashes, minute after minute`, { Errors: [0] }, { Errors: [1] }),
      ] as const,
  ),
  ...ROUTE_GROUP_NAMES.flatMap(
    (name) =>
      [
        [
          `${name}-unavailable`,
          when(
            `one in ten requests of ${name} is answered 5xx`,
            { [METRICS.unavailable]: requests(20) },
            { [METRICS.unavailable]: requests(20, 2) },
          ),
        ],
        [
          `${name}-latency`,
          when(`requests of ${name} take 12 s`, { Duration: [50, 80] }, { Duration: [12_000, 12_000] }),
        ],
        [
          `${name}-saturation`,
          when(
            `${name} use all the concurrency there is`,
            { ConcurrentExecutions: [1] },
            { ConcurrentExecutions: [1_000] },
          ),
        ],
      ] as const,
  ),
  ...QUEUES.flatMap(
    (queue) =>
      [
        [
          queueAlarms(queue).oldestAge,
          when(
            `nothing is taken off ${queue}`,
            { ApproximateAgeOfOldestMessage: [5] },
            { ApproximateAgeOfOldestMessage: [7_200] },
          ),
        ],
        [
          queueAlarms(queue).deadLetters,
          when(
            `one message of ${queue} was given up`,
            { ApproximateNumberOfMessagesVisible: [0] },
            { ApproximateNumberOfMessagesVisible: [1] },
          ),
        ],
      ] as const,
  ),
];

const SINGLE: readonly (readonly [AlarmSlug, AlarmFault])[] = [
  [
    'view-rehydration',
    when('half of the view is missing', { RehydrationProgress: [100] }, { RehydrationProgress: [50] }),
  ],
  ['breaker-opened', counted('the breakers of all that functions depend on open', METRICS.breakerOpened)],
  [
    'reconciliation-difference',
    counted('the report has a charge that the ledger lacks', METRICS.reconciliationDifferences),
  ],
  ['facts-repaired', counted('a damaged fact was put right from a copy', METRICS.factsRepaired)],
  ['scrub-silent', when('the scrubber is not called', { [METRICS.itemsScrubbed]: [400] }, {})],
  ['backups-failed', counted('a copy of a backup fails', 'NumberOfCopyJobsFailed')],
  ['seal-difference', counted('a sealed fact is not in the ledger', METRICS.sealDifferences)],
  [
    'seal-unverified',
    when(
      'a seal waits ten minutes for its facts',
      { [METRICS.oldestUnverifiedSealMs]: [30_000] },
      { [METRICS.oldestUnverifiedSealMs]: [600_000] },
    ),
  ],
  ['view-mended', counted('a sealed fact was missing in the view', METRICS.viewFactsMended)],
  ['archive-difference', counted('an object of the archive is not what its seal says', METRICS.archiveDifferences)],
  [
    'region-unhealthy',
    when('/health answers 503', { [METRICS.regionHealthy]: [1, 1] }, { [METRICS.regionHealthy]: [0, 0] }),
  ],
  [
    'ledger-refusals',
    counted('the ledger refuses six writes a minute of each function', METRICS.ledgerNotAttempted, 6),
  ],
  ['corrupt-fact', counted('the checksum of a fact does not hold', METRICS.corruptFact)],
  ['dispatch-failures', counted('a queue does not take facts', METRICS.dispatchFailures)],
  ['clock-skew', counted('a fact would follow one of the future', METRICS.clockSkewRefusals)],
  [
    'projection-lag',
    when('the view is 90 s behind', { [METRICS.projectionLagMs]: [200] }, { [METRICS.projectionLagMs]: [90_000] }),
  ],
  ['projection-iterator-age', when('the stream is read 40 s late', { IteratorAge: [100] }, { IteratorAge: [40_000] })],
  [
    'projection-failures',
    when(
      'a batch of the stream was given up',
      { ApproximateNumberOfMessagesVisible: [0] },
      { ApproximateNumberOfMessagesVisible: [1] },
    ),
  ],
  [
    'both-regions-unhealthy',
    when(
      'both Regions answer 503 on /health',
      { [METRICS.regionHealthy]: [1, 1], [METRICS.peerHealthy]: [1] },
      { [METRICS.regionHealthy]: [0, 0], [METRICS.peerHealthy]: [0] },
    ),
  ],
  ['peer-unhealthy', when('the peer does not answer', { [METRICS.peerHealthy]: [1] }, { [METRICS.peerHealthy]: [0] })],
  ['routing-silent', when('DNS answers nothing', { [METRICS.routingAnswers]: [1] }, { [METRICS.routingAnswers]: [0] })],
  ['peer-probe-silent', when('nobody asks the peer', { [METRICS.peerHealthy]: [1] }, {})],
  [
    'replication-lag',
    when(
      'the peer’s heartbeats come 90 s late',
      { [METRICS.replicationLagMs]: [200] },
      { [METRICS.replicationLagMs]: [90_000] },
    ),
  ],
  ['slo-fast-burn', halfFails('every second request is answered 5xx')],
  ['slo-medium-burn', halfFails('every second request is answered 5xx')],
  ['slo-slow-burn', halfFails('every second request is answered 5xx, for days')],
  [
    'payments-traffic',
    {
      fault: 'nearly no payments come',
      well: (minute) => ({ [METRICS.paymentsAccepted]: [usually(minute)] }),
      ill: { [METRICS.paymentsAccepted]: [1] },
    },
  ],
  [
    'total-traffic',
    {
      fault: 'ten times the requests come',
      well: (minute) => ({ [METRICS.apiUnavailable]: requests(usually(minute)) }),
      ill: { [METRICS.apiUnavailable]: requests(1_000) },
    },
  ],
  ['api-throttles', when('calls of the API’s functions are throttled', { Throttles: [0] }, { Throttles: [1] })],
  ['worker-throttles', when('calls of workers are throttled', { Throttles: [0] }, { Throttles: [1] })],
  ['deployment-rolled-back', counted('CodeDeploy takes a version back', 'TriggeredRules')],
  [
    'certificate-expiry',
    when('29 days are left, and ACM has not renewed', { DaysToExpiry: [60] }, { DaysToExpiry: [29] }),
  ],
];

export const ALARM_FAULTS: ReadonlyMap<string, AlarmFault> = new Map([...FAMILIES, ...SINGLE]);
