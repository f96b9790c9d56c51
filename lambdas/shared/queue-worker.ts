// Owns how a worker takes a batch from its queue: each message by itself, and none burnt on something that is away.
// Leaves to the capability what a message asks for, to SQS that what failed comes again and ends in the dead-letter queue.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { bulkhead } from 'cockatiel';
import type { Clock } from '../ports/clock.ts';
import { CorruptFact } from '../ports/event-log.ts';
import type { Queue } from '../ports/queue.ts';
import type { Breaker } from './breaker.ts';
import { METRICS } from './metric-names.ts';
import type { WorkPolicy } from './policies.ts';
import { errorFields, type LogFields, type Telemetry } from './telemetry.ts';
import { delayedCopy, type Waited, waitedOf } from './waiting.ts';

/** What every worker of a queue is given. */
export interface QueueWorkerDeps {
  /** The queue the messages come from: copies of them go back to it. */
  readonly queue: Queue;
  /** Of everything that the work needs. */
  readonly breakers: readonly Breaker[];
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly telemetry: Telemetry;
}

export interface QueueWork<Message> {
  readonly policy: WorkPolicy;
  /** Undefined, or an error, for a text that no sender wrote: it can never be worked. */
  readonly decode: (body: string) => Message | undefined;
  /** Resolves when the message can be deleted. */
  readonly work: (message: Message) => Promise<void>;
  /** Work that will be asked for again anyhow: during an outage it is dropped, or every asking would leave a copy that waits. */
  readonly comesAgain?: (message: Message) => boolean;
  /** What a log line says of a message that was not worked. */
  readonly describe: (message: Message) => LogFields;
}

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

type Outcome =
  | { readonly kind: 'done' | 'failed'; readonly record: SQSRecord }
  | { readonly kind: 'waits'; readonly record: SQSRecord; readonly waited: Waited };

/**
 * SQS counts every receive, so waiting must not look like failing: while something the work needs is away, each message is
 * replaced by a delayed copy. What has waited for longer than `giveUpAfterMs` fails, and so does what no retry makes right.
 */
export const createQueueWorker = <Message>(deps: QueueWorkerDeps, work: QueueWork<Message>): QueueHandler => {
  const compartment = bulkhead(work.policy.atOnce, Number.POSITIVE_INFINITY);
  return async ({ Records }) => {
    const outcomes = await Promise.all(Records.map((record) => compartment.execute(() => take(deps, work, record))));
    const failed = [
      ...outcomes.flatMap(({ kind, record }) => (kind === 'failed' ? [record] : [])),
      ...(await postpone(deps, work.policy, outcomes)),
    ];
    if (failed.length > 0) deps.telemetry.count(METRICS.workFailures, failed.length);
    deps.telemetry.flush();
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
};

const take = async <Message>(
  { breakers, clock, telemetry }: QueueWorkerDeps,
  { policy, decode, work, comesAgain, describe }: QueueWork<Message>,
  record: SQSRecord,
): Promise<Outcome> => {
  let message: Message | undefined;
  try {
    message = decode(record.body);
    if (message === undefined) throw new Error('a message that no sender wrote');
    if (!breakers.some((breaker) => breaker.isPaused())) {
      await work(message);
      return { kind: 'done', record };
    }
  } catch (error) {
    if (error instanceof CorruptFact) telemetry.count(METRICS.corruptFact);
    telemetry.warn('work not done yet', { ...(message && describe(message)), ...errorFields(error) });
    if (!breakers.some((breaker) => breaker.isOutage(error))) return { kind: 'failed', record };
  }
  if (message !== undefined && comesAgain?.(message)) return { kind: 'done', record };
  const waited = waitedOf(record);
  return clock.nowMs() - waited.sinceMs > policy.giveUpAfterMs
    ? { kind: 'failed', record }
    : { kind: 'waits', record, waited };
};

/** Sends the copies of those that wait, and gives back the messages whose copy may not be there: they must stay. */
const postpone = async (
  { queue, random, telemetry }: QueueWorkerDeps,
  policy: WorkPolicy,
  outcomes: readonly Outcome[],
): Promise<readonly SQSRecord[]> => {
  const waiting = outcomes.flatMap((outcome) => (outcome.kind === 'waits' ? [outcome] : []));
  if (waiting.length === 0) return [];
  const copies = waiting.map(({ record, waited }) => delayedCopy(record, waited, policy, random()));
  const failed = new Set((await queue.send(copies)).failed);
  if (failed.size < copies.length) telemetry.count(METRICS.workPostponed, copies.length - failed.size);
  return waiting.flatMap(({ record }, place) => (failed.has(place) ? [record] : []));
};
