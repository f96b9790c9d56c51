// Owns an event source mapping of an SQS queue: batches, their window, invocations at once, what is deleted and what comes again.
// Leaves to local/sqs/queue.ts visibility and the DLQ. Source: Lambda developer guide, "Using Lambda with Amazon SQS".
import type { QueueSourcePlan } from '../assembly/plan.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import { systemAttributes } from '../sqs/actions.ts';
import { md5 } from '../sqs/protocol.ts';
import type { LocalQueue } from '../sqs/queue.ts';
import type { StoredMessage } from '../sqs/queue-log.ts';

export interface QueuePollerOptions {
  readonly plan: QueueSourcePlan;
  readonly region: string;
  readonly queue: LocalQueue;
  readonly invoke: (event: string) => Promise<InvocationResult>;
  readonly onTrouble: (what: string) => void;
  readonly nowMs: () => number;
}

export interface QueuePoller {
  /** Resolves when no invocation of it is under way; what was received and is not done comes again after its time-out. */
  stop(): Promise<void>;
}

/** Lambda starts with five pollers and adds more; this machine's workers are fewer than five would keep busy for long. */
const POLLERS = 5;
const LONG_POLL_MS = 20_000;
const RECEIVE_LIMIT = 10;
const THROTTLED_PAUSE_MS = 1_000;

export function startQueuePoller(options: QueuePollerOptions): QueuePoller {
  const { plan, queue, invoke, nowMs, onTrouble } = options;
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Fills a batch until it is full, its window has passed, or, without a window, something is there. */
  const gather = async (): Promise<readonly StoredMessage[]> => {
    const messages: StoredMessage[] = [];
    let untilMs = nowMs() + LONG_POLL_MS;
    do {
      const limit = Math.min(RECEIVE_LIMIT, plan.batchSize - messages.length);
      const received = await queue.receiveWaiting({ limit }, untilMs - nowMs(), signal);
      if (messages.length === 0) untilMs = nowMs() + plan.batchingWindowSeconds * 1000;
      messages.push(...received);
    } while (messages.length > 0 && messages.length < plan.batchSize && nowMs() < untilMs && !signal.aborted);
    return messages;
  };

  const poll = async (): Promise<void> => {
    while (!signal.aborted) {
      const messages = await gather();
      if (messages.length === 0) continue;
      const result = await invoke(queueEvent(messages, queue, options.region));
      // Killed or stopped in the middle: the messages come again, which is what at least once means.
      if (signal.aborted && result.kind !== 'returned') return;
      const done = doneOf(messages, result, plan.reportBatchItemFailures);
      for (const { receiptHandle = '' } of done) queue.delete(receiptHandle);
      if (result.kind === 'failed') onTrouble(`${messages.length} message(s) failed: ${result.error.errorMessage}`);
      if (result.kind === 'throttled') await pause(THROTTLED_PAUSE_MS, signal);
    }
  };

  const pollers = Math.min(plan.maximumConcurrency ?? POLLERS, POLLERS);
  const running = Promise.all(Array.from({ length: pollers }, poll));
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** The messages that need not come again. */
function doneOf(
  messages: readonly StoredMessage[],
  result: InvocationResult,
  reportsItems: boolean,
): readonly StoredMessage[] {
  if (result.kind !== 'returned') return [];
  if (!reportsItems) return messages;
  const answer = JSON.parse(result.payload) as { readonly batchItemFailures?: unknown } | null;
  const failures = answer?.batchItemFailures;
  if (failures === undefined || failures === null) return messages;
  if (!Array.isArray(failures)) return [];
  const failed = new Set(
    failures.map((failure: { readonly itemIdentifier?: unknown } | null) => String(failure?.itemIdentifier)),
  );
  // An identifier that is no message of the batch means that the whole batch failed.
  const ids = new Set(messages.map(({ messageId }) => messageId));
  if ([...failed].some((id) => !ids.has(id))) return [];
  return messages.filter(({ messageId }) => !failed.has(messageId));
}

const queueEvent = (messages: readonly StoredMessage[], { plan }: LocalQueue, awsRegion: string): string =>
  JSON.stringify({
    Records: messages.map((message) => ({
      messageId: message.messageId,
      receiptHandle: message.receiptHandle,
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: {},
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: plan.arn,
      awsRegion,
    })),
  });

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
