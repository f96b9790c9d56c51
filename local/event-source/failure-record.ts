// Owns the message Lambda sends to a stream source's failure destination: where the records are, not what they hold.
// Source: Lambda developer guide, "Retain discarded records for a DynamoDB event source".
import type { InvocationResult } from '../lambda/invocation.ts';
import { createdAtMs, type StreamRecord, sequenceNumberOf } from './records.ts';

export interface DiscardedBatch {
  readonly records: readonly StreamRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invokeCount: number;
  /** Absent when the records were too old to be tried. */
  readonly lastResult?: InvocationResult;
}

export function failureRecord(
  batch: DiscardedBatch,
  where: { readonly functionArn: string; readonly streamArn: string; readonly shardId: string },
  nowMs: number,
): string {
  const first = batch.records[0];
  const last = batch.records.at(-1);
  if (first === undefined || last === undefined) throw new Error('a discarded batch has at least one record, got none');
  const seconds = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
  const { lastResult } = batch;
  return JSON.stringify({
    requestContext: {
      ...(lastResult !== undefined && lastResult.kind !== 'throttled' ? { requestId: lastResult.requestId } : {}),
      functionArn: where.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invokeCount,
    },
    ...(lastResult === undefined
      ? {}
      : {
          responseContext: {
            statusCode: lastResult.kind === 'throttled' ? 429 : 200,
            executedVersion: '$LATEST',
            ...(lastResult.kind === 'failed' ? { functionError: 'Unhandled' } : {}),
          },
        }),
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: where.shardId,
      startSequenceNumber: sequenceNumberOf(first),
      endSequenceNumber: sequenceNumberOf(last),
      approximateArrivalOfFirstRecord: seconds(createdAtMs(first)),
      approximateArrivalOfLastRecord: seconds(createdAtMs(last)),
      batchSize: batch.records.length,
      streamArn: where.streamArn,
    },
  });
}
