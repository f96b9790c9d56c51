// Owns the event that Lambda makes of DynamoDB stream records.
import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';

export type { StreamRecord };

/** The JSON of `{Records: […]}`: times in seconds, binary as base64, as the poller on AWS hands them on. */
export function streamEvent(records: readonly StreamRecord[], streamArn: string): string {
  return JSON.stringify(
    { Records: records.map((record) => ({ ...record, eventSourceARN: streamArn })) },
    function (key, value: unknown) {
      const original = (this as Record<string, unknown>)[key];
      if (original instanceof Date) return original.getTime() / 1000;
      if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
      return value;
    },
  );
}

/** @throws Error for a record without sequence number, which no stream gives. */
export function sequenceNumberOf(record: StreamRecord): string {
  const sequenceNumber = record.dynamodb?.SequenceNumber;
  if (sequenceNumber === undefined) throw new Error(`stream record ${record.eventID} has no sequence number`);
  return sequenceNumber;
}

/** Epoch milliseconds. */
export const createdAtMs = (record: StreamRecord): number =>
  record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0;
