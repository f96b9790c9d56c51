// Owns the wiring of the settle-payment function: what a worker makes once, and how it comes by its processor.
// Leaves to create-settle-payment-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { openWatchedBooks } from '../adapters/dynamo/watched-books.ts';
import { openProcessor } from '../adapters/open-processor.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { createBreaker } from '../shared/breaker.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createSettlePaymentHandler } from './create-settle-payment-handler.ts';

const region = ownRegion();
const jurisdiction = setting('jurisdiction');
const telemetry = createTelemetry('settle-payment');
const dynamo = new Dynamo({ region });
const watched = { clock: systemClock, telemetry };

export const handler = createSettlePaymentHandler({
  region,
  jurisdiction,
  ...openWatchedBooks(dynamo, watched),
  openProcessor: () => openProcessor(region, jurisdiction),
  breakers: {
    ledger: createBreaker('ledger', watched),
    processor: createBreaker('processor', watched),
    secrets: createBreaker('secrets', watched),
  },
  queue: new SqsQueue(createSqsClient({ region }), queueUrl('settlements')),
  random: Math.random,
  ...watched,
});
