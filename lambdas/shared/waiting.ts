// Owns what a delayed copy of a message says beside its work: whose copy it is, since when it waits, how often it has waited.
// Leaves to queue-worker.ts when one is made. The decoders of messages look at their own fields only.
import type { SQSRecord } from 'aws-lambda';
import type { QueueMessage } from '../ports/queue.ts';
import type { WorkPolicy } from './policies.ts';

export interface Waited {
  /** SQS's id of the first message of this work. */
  readonly messageId: string;
  /** When that was sent: epoch milliseconds by SQS's clock. */
  readonly sinceMs: number;
  /** Copies so far. */
  readonly times: number;
}

/** A message that is no copy has not waited: it is its own first. */
export const waitedOf = ({ body, messageId, attributes }: SQSRecord): Waited => {
  const { waited } = JSON.parse(body) as { readonly waited?: Waited };
  return waited ?? { messageId, sinceMs: Number(attributes.SentTimestamp), times: 0 };
};

/** The copy that comes in place of `record`, after full jitter over a time that doubles with each copy. `random` is in [0, 1). */
export const delayedCopy = (record: SQSRecord, waited: Waited, policy: WorkPolicy, random: number): QueueMessage => {
  const { waitBaseSeconds, waitCapSeconds } = policy;
  const body = {
    ...(JSON.parse(record.body) as object),
    waited: { ...waited, times: waited.times + 1 } satisfies Waited,
  };
  const longestSeconds = Math.min(waitCapSeconds, waitBaseSeconds * 2 ** waited.times);
  return { body: JSON.stringify(body), delaySeconds: Math.ceil(random * longestSeconds) };
};
