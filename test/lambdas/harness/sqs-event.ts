// Owns events as Lambda hands them from a queue: one record a body, named message-0, message-1, ….
import type { SQSEvent } from 'aws-lambda';

export const sqsEvent = (...bodies: readonly string[]): SQSEvent => sqsEventAt(0, ...bodies);

/** The same, sent at `sentMs`: epoch milliseconds. */
export const sqsEventAt = (sentMs: number, ...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `receipt-${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(sentMs),
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
    awsRegion: 'us-east-1',
  })),
});
