// Owns the worker of the queue `settlements`: each message by itself, and none burnt on a processor that is down.
// Leaves to settle-payment.ts what is done for a payment, to SQS that what failed comes again and ends in the dead-letter queue.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ProcessorUnavailable } from '../ports/processor.ts';
import type { Queue } from '../ports/queue.ts';
import { decodeSettlement } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { PROCESSOR_PATIENCE } from '../shared/policies.ts';
import { errorFields } from '../shared/telemetry.ts';
import type { GuardedProcessor } from './guarded-processor.ts';
import { type SettleDeps, settlePayment } from './settle-payment.ts';

export interface SettlePaymentDeps extends Omit<SettleDeps, 'processor'> {
  readonly processor: GuardedProcessor;
  /** The queue the messages come from: copies of them go back to it. */
  readonly queue: Queue;
  /** In [0, 1). */
  readonly random: () => number;
}

export type SettlePaymentHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export const createSettlePaymentHandler =
  (deps: SettlePaymentDeps): SettlePaymentHandler =>
  async (event) => {
    const outcomes = await Promise.all(
      event.Records.map(async (record) => ({ record, isDone: await work(deps, record) })),
    );
    const failed = outcomes.filter(({ isDone }) => !isDone);
    if (failed.length > 0) deps.telemetry.count(METRICS.workFailures, failed.length);
    deps.telemetry.flush();
    return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };

/** Whether the message can be deleted. */
const work = async (deps: SettlePaymentDeps, { body }: SQSRecord): Promise<boolean> => {
  const message = decodeSettlement(body);
  if (message === undefined) {
    deps.telemetry.error('a message that no dispatcher wrote', {});
    return false;
  }
  try {
    // Also done with when the processor does not know yet: copies that wait would multiply with every sweep, which asks again.
    await settlePayment(deps, message);
    return true;
  } catch (error) {
    const { accountId, stream } = message;
    deps.telemetry.warn('payment not settled yet', { accountId, factKey: stream, ...errorFields(error) });
    if (!(error instanceof ProcessorUnavailable) || !deps.processor.isPaused()) return false;
    return postpone(deps, body, PROCESSOR_PATIENCE.pausedDelaySeconds * (1 + deps.random()));
  }
};

/** A copy that comes later in place of the message: SQS counts every receive, so waiting must not look like failing. */
const postpone = async ({ queue, telemetry }: SettlePaymentDeps, body: string, seconds: number): Promise<boolean> => {
  const { failed } = await queue.send([{ body, delaySeconds: Math.round(seconds) }]);
  if (failed.length > 0) return false;
  telemetry.count(METRICS.workPostponed);
  return true;
};
