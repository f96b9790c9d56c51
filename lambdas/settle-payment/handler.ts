// Owns the wiring of the settle-payment function: what a worker makes once, the processor's key read before the first batch.
// Leaves to create-settle-payment-handler.ts what it does.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Accounts } from '../shared/accounts.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { guardViews } from '../shared/guarded-views.ts';
import { createProcessorBreaker, createViewPolicy } from '../shared/policies.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createSettlePaymentHandler, type SettlePaymentHandler } from './create-settle-payment-handler.ts';
import { guardProcessor } from './guarded-processor.ts';
import { openProcessor } from './open-processor.ts';

const region = ownRegion();
const jurisdiction = setting('jurisdiction');
const telemetry = createTelemetry('settle-payment');
const dynamo = new Dynamo({ region });
const ledger = new DynamoEventLog(dynamo, setting('ledgerTable'));
const views = guardViews(new DynamoViewStore(dynamo, setting('viewsTable')), createViewPolicy(), telemetry);

const open = async (): Promise<SettlePaymentHandler> =>
  createSettlePaymentHandler({
    region,
    jurisdiction,
    ledger,
    accounts: new Accounts(ledger, views),
    processor: guardProcessor(await openProcessor(region, jurisdiction), createProcessorBreaker()),
    queue: new SqsQueue(createSqsClient({ region }), queueUrl('settlements')),
    clock: systemClock,
    random: Math.random,
    telemetry,
  });

let opened: Promise<SettlePaymentHandler> | undefined;

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  opened ??= open();
  try {
    return await (await opened)(event);
  } catch (error) {
    // A key that could not be read is asked for again with the next batch.
    opened = undefined;
    throw error;
  }
};
