// Owns how work after the fact is handed on: texts that come to a worker at least once, in any order.
// Leaves to shared/messages.ts what the texts say, and to the worker to find out what is done already.

export interface QueueMessage {
  readonly body: string;
  /** Nobody gets it before; 0 to MAX_DELAY_SECONDS, by default 0. */
  readonly delaySeconds?: number;
}

export interface Queue {
  /**
   * Resolves once each message is durable or has failed; never rejects for what the queue does. `failed` holds the places of
   * the messages that may not be there: sending them again can double them, and every worker can bear that.
   * @throws RangeError for a body or a delay that no queue takes
   */
  send(messages: readonly QueueMessage[]): Promise<{ readonly failed: readonly number[] }>;
}

/** The longest that SQS holds a message back. */
export const MAX_DELAY_SECONDS = 900;

/** Of one message and of one batch, bytes of UTF-8 (SQS developer guide, "Message quotas": 1 MiB). */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** @throws RangeError naming what no queue takes */
export const checkMessage = ({ body, delaySeconds = 0 }: QueueMessage): void => {
  const bytes = Buffer.byteLength(body);
  if (bytes < 1 || bytes > MAX_MESSAGE_BYTES) {
    throw new RangeError(`a message has 1 to ${MAX_MESSAGE_BYTES} bytes, got ${bytes}`);
  }
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS) {
    throw new RangeError(`a delay is 0 to ${MAX_DELAY_SECONDS} whole seconds, got ${delaySeconds}`);
  }
};
