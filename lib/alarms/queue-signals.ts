// Owns when a queue is not worked fast enough, and that a message which was given up is one too many.
// Leaves to registry.ts how bad that is for each.
import { deadLetterQueueName, QUEUES, type QueueSlug, queueName } from '../../lambdas/shared/names.ts';
import type { BaseloadConfig } from '../config.ts';
import { onQueue } from './metrics.ts';
import { queueAlarms } from './registry.ts';
import { AT_LEAST, type Threshold } from './signal.ts';

/**
 * How old the oldest message of a queue may get, seconds. The peer's copies wait a minute before they can be seen, and while a
 * processor is down the worker sends delayed copies, which start young: what is older than this is not being worked.
 */
const OLDEST_AGE_SECONDS: Readonly<Record<QueueSlug, number>> = {
  intake: 600,
  // A run puts every account on the queue at once, and has the night for them.
  'bill-runs': 3_600,
  settlements: 600,
  notices: 900,
  // Nobody waits for it: the ledger and both views hold what the archive does not yet.
  archive: 3_600,
};

export const queueSignals = ({ jurisdiction }: BaseloadConfig) =>
  Object.fromEntries(
    QUEUES.flatMap((queue): readonly (readonly [string, Threshold])[] => {
      const { oldestAge, deadLetters } = queueAlarms(queue);
      return [
        [
          oldestAge,
          {
            metric: onQueue(queueName(jurisdiction, queue), 'ApproximateAgeOfOldestMessage'),
            threshold: OLDEST_AGE_SECONDS[queue],
            comparison: AT_LEAST,
            periods: 5,
            breaches: 3,
            missing: 'silent is fine',
          },
        ],
        [
          deadLetters,
          {
            metric: onQueue(deadLetterQueueName(jurisdiction, queue), 'ApproximateNumberOfMessagesVisible'),
            threshold: 1,
            comparison: AT_LEAST,
            periods: 1,
            breaches: 1,
            missing: 'silent is fine',
          },
        ],
      ];
    }),
  ) as Record<ReturnType<typeof queueAlarms>['oldestAge' | 'deadLetters'], Threshold>;
