// Owns the worker of the queue `notices`: each fact is read from the ledger, told, and told again later when nobody took it.
// Leaves to domain/notice.ts what is told. Money never waits for it: it has a queue and a function of its own.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Notice, noticeOf } from '../domain/notice.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import { NotDelivered, type Notifier } from '../ports/notifier.ts';
import { MAX_DELAY_SECONDS, type Queue } from '../ports/queue.ts';
import { decodeNotice } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

export interface SendNoticeDeps {
  readonly ledger: Pick<EventLog, 'readFact'>;
  readonly notifier: Notifier;
  /** The queue the messages come from. */
  readonly queue: Queue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** After three days the news is old: the message goes the way to the dead-letter queue, from where it can be redriven. */
const GIVEN_UP_AFTER_MS = 3 * 86_400_000;
const FIRST_DELAY_SECONDS = 30;

export const createSendNoticeHandler =
  (deps: SendNoticeDeps) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const outcomes = await Promise.all(
      event.Records.map(async (record) => ({ record, isDone: await work(deps, record) })),
    );
    const failed = outcomes.filter(({ isDone }) => !isDone);
    if (failed.length > 0) deps.telemetry.count(METRICS.workFailures, failed.length);
    deps.telemetry.flush();
    return { batchItemFailures: failed.map(({ record }) => ({ itemIdentifier: record.messageId })) };
  };

/** Whether the message can be deleted. */
const work = async (deps: SendNoticeDeps, { body }: SQSRecord): Promise<boolean> => {
  const message = decodeNotice(body);
  if (message === undefined) {
    deps.telemetry.error('a message that no dispatcher wrote', {});
    return false;
  }
  const { accountId, key: factKey } = message;
  let notice: Notice | undefined;
  try {
    const fact = await deps.ledger.readFact(accountId, factKey);
    if (fact === undefined) throw new Error('the ledger holds no such fact');
    notice = noticeOf(fact);
    if (notice === undefined) return true;
    await deps.notifier.deliver(notice);
    deps.telemetry.count(METRICS.noticesDelivered);
    return true;
  } catch (error) {
    deps.telemetry.warn('notice not delivered yet', { accountId, factKey, ...errorFields(error) });
    if (notice === undefined || !(error instanceof NotDelivered)) return false;
    return postpone(deps, body, deps.clock.nowMs() - Date.parse(notice.occurredAt));
  }
};

/** Waits half as long again as the fact is old, 15 min at most: tries thin out without anybody counting them. */
const postpone = async ({ queue, telemetry }: SendNoticeDeps, body: string, ageMs: number): Promise<boolean> => {
  if (ageMs > GIVEN_UP_AFTER_MS) return false;
  const seconds = Math.round(ageMs / 2_000);
  const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(FIRST_DELAY_SECONDS, seconds));
  const { failed } = await queue.send([{ body, delaySeconds }]);
  if (failed.length > 0) return false;
  telemetry.count(METRICS.workPostponed);
  return true;
};
