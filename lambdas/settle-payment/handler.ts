// Owns the wiring of the settle-payment function: what a worker makes once, the processor's key read before the first batch.
// Leaves to create-settle-payment-handler.ts what it does.
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { openProcessor } from '../adapters/open-processor.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { Accounts } from '../shared/accounts.ts';
import { createBreaker } from '../shared/breaker.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { guardViews } from '../shared/guarded-views.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import type { QueueHandler } from '../shared/queue-worker.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createSettlePaymentHandler } from './create-settle-payment-handler.ts';

const region = ownRegion();
const jurisdiction = setting('jurisdiction');
const telemetry = createTelemetry('settle-payment');
const dynamo = new Dynamo({ region });
const ledger = new DynamoEventLog(dynamo, setting('ledgerTable'));
const views = guardViews(new DynamoViewStore(dynamo, setting('viewsTable')), systemClock, telemetry);
const breakers = {
  ledger: createBreaker('ledger', { clock: systemClock, telemetry }),
  processor: createBreaker('processor', { clock: systemClock, telemetry }),
};

const open = async (): Promise<QueueHandler> =>
  createSettlePaymentHandler({
    region,
    jurisdiction,
    ledger,
    accounts: new Accounts(ledger, views),
    processor: await openProcessor(region, jurisdiction),
    breakers,
    queue: new SqsQueue(createSqsClient({ region }), queueUrl('settlements')),
    clock: systemClock,
    random: Math.random,
    telemetry,
  });

let opened: Promise<QueueHandler> | undefined;

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
