// Owns the sending side of an SQS queue: batches that are small enough, partial failures tried again, every wait bounded.
// Leaves to Lambda's event source receiving and deleting.
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { checkMessage, MAX_MESSAGE_BYTES, type Queue, type QueueMessage } from '../../ports/queue.ts';
import { fullJitter, type Pacing } from '../../shared/pacing.ts';
import { AT_ONCE, AWS_TIMING, RETRIES } from '../../shared/policies.ts';
import { type AwsClientOptions, awsClientConfig } from '../aws-client.ts';
import { within } from '../deadlines.ts';

/** SQS takes no more at once. */
const MESSAGES_PER_BATCH = 10;

const PACING = fullJitter(RETRIES.queueEntry);

export const createSqsClient = (options: AwsClientOptions): SQSClient =>
  // The host in a queue's URL would win over the endpoint that the environment sets.
  new SQSClient({ ...awsClientConfig(options), useQueueUrlAsEndpoint: false });

export interface SqsQueueOptions {
  /** Bounds all tries of one batch, milliseconds. */
  readonly deadlineMs?: number;
  readonly pacing?: Pacing;
  /** Why messages failed, once per batch; the callers only learn which. */
  readonly onFailure?: (error: unknown) => void;
}

type Entry = SendMessageBatchRequestEntry & { readonly Id: string };

export class SqsQueue implements Queue {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
    private readonly options: SqsQueueOptions = {},
  ) {}

  async send(messages: readonly QueueMessage[]): Promise<{ readonly failed: readonly number[] }> {
    const batches = batchesOf(messages).values();
    const failed: number[] = [];
    const sendNext = async (): Promise<void> => {
      for (const batch of batches) failed.push(...(await this.#sendBatch(batch)));
    };
    await Promise.all(Array.from({ length: AT_ONCE.queueBatches }, sendNext));
    return { failed: failed.sort((a, b) => a - b) };
  }

  /** The places of the entries that may not be there. */
  async #sendBatch(batch: readonly Entry[]): Promise<readonly number[]> {
    const { deadlineMs = AWS_TIMING.callDeadlineMs, pacing = PACING, onFailure } = this.options;
    let left = batch;
    try {
      await within(deadlineMs, async (abortSignal) => {
        for (let attempt = 1; ; attempt++) {
          const { Failed = [] } = await this.client.send(
            new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries: [...left] }),
            { abortSignal },
          );
          const failed = new Map(Failed.map((failure) => [failure.Id, failure]));
          left = left.filter(({ Id }) => failed.has(Id));
          if (left.length === 0) return;
          const hopeless = left.every(({ Id }) => failed.get(Id)?.SenderFault === true);
          if (hopeless || attempt === RETRIES.queueEntry.tries) {
            const [first] = Failed;
            throw new Error(`${left.length} message(s) refused: ${first?.Code ?? '?'} ${first?.Message ?? ''}`.trim());
          }
          await pacing.pause(attempt);
        }
      });
    } catch (error) {
      onFailure?.(error);
    }
    return left.map(({ Id }) => Number(Id));
  }
}

/** Entries named by their place, at most ten and MAX_MESSAGE_BYTES a batch. @throws RangeError as checkMessage does */
const batchesOf = (messages: readonly QueueMessage[]): Entry[][] => {
  const batches: Entry[][] = [];
  let room = 0;
  for (const [place, message] of messages.entries()) {
    checkMessage(message);
    const { body: MessageBody, delaySeconds = 0 } = message;
    const bytes = Buffer.byteLength(MessageBody);
    // Always sent: 0 must win over a delay that the queue has of its own.
    const entry = { Id: String(place), MessageBody, DelaySeconds: delaySeconds };
    const last = batches.at(-1);
    if (last === undefined || last.length === MESSAGES_PER_BATCH || bytes > room) {
      batches.push([entry]);
      room = MAX_MESSAGE_BYTES;
    } else {
      last.push(entry);
    }
    room -= bytes;
  }
  return batches;
};
