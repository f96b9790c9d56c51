// Owns the worker of the queue `intake`: each message is a part of a batch, stored, then noted as stored.
// Leaves to SQS that what failed comes again, and to the port that storing twice changes nothing.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decodeIntake } from '../domain/readings/intake.ts';
import type { Batches, Readings } from '../ports/readings.ts';
import { METRICS } from '../shared/metric-names.ts';
import { errorFields, type Telemetry } from '../shared/telemetry.ts';

export interface StoreReadingsDeps {
  readonly readings: Pick<Readings, 'store'> & Pick<Batches, 'partStored'>;
  readonly telemetry: Telemetry;
}

export type StoreReadingsHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export const createStoreReadingsHandler =
  ({ readings, telemetry }: StoreReadingsDeps): StoreReadingsHandler =>
  async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    // One after the other: a part writes up to 100 days, several at a time.
    for (const { body, messageId } of Records) {
      try {
        const { batchId, part, days } = decodeIntake(body);
        await readings.store(days);
        await readings.partStored(batchId, part);
        telemetry.count(METRICS.meterDaysStored, days.length);
      } catch (error) {
        batchItemFailures.push({ itemIdentifier: messageId });
        telemetry.warn('readings not stored', errorFields(error));
      }
    }
    if (batchItemFailures.length > 0) telemetry.count(METRICS.workFailures, batchItemFailures.length);
    telemetry.flush();
    return { batchItemFailures };
  };
