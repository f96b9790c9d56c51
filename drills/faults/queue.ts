// Owns messages that nobody asked for on a queue.
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type QueueSlug, queueName } from '../../lambdas/shared/names.ts';
import { OPERATOR_CREDENTIALS } from '../../local/iam/callers.ts';
import type { Harness } from '../pair/harness.ts';

const BATCH = 10;

/** Sends each of `bodies` to the Region's queue, in batches as SQS takes them. */
export const sendToQueue = async (
  baseload: Harness,
  region: string,
  queue: QueueSlug,
  bodies: readonly object[],
): Promise<void> => {
  const { jurisdiction, sqs } = await baseload.wiring();
  const client = new SQSClient({ region, endpoint: sqs[region] ?? '', credentials: OPERATOR_CREDENTIALS });
  try {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName(jurisdiction, queue) }));
    for (let from = 0; from < bodies.length; from += BATCH) {
      const Entries = bodies
        .slice(from, from + BATCH)
        .map((body, index) => ({ Id: String(index), MessageBody: JSON.stringify(body) }));
      await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  } finally {
    client.destroy();
  }
};
