// Owns the wiring of the archive-facts function: what a worker makes once.
// Leaves to create-archive-facts-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoSealLog } from '../adapters/dynamo/seal-log.ts';
import { openViews } from '../adapters/dynamo/watched-books.ts';
import { createS3Client, S3Archive } from '../adapters/s3/archive.ts';
import { createSqsClient, SqsQueue } from '../adapters/sqs/queue.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { createBreaker } from '../shared/breaker.ts';
import { ownRegion, setting } from '../shared/env.ts';
import { queueUrl } from '../shared/queue-urls.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createArchiveFactsHandler } from './create-archive-facts-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('archive-facts');
const dynamo = new Dynamo({ region });

export const handler = createArchiveFactsHandler({
  seals: new DynamoSealLog(dynamo, setting('ledgerTable')),
  ledger: new DynamoEventLog(dynamo, setting('ledgerTable')),
  views: openViews(dynamo, { clock, telemetry }),
  archive: new S3Archive(createS3Client({ region }), setting('archiveBucket')),
  breakers: {
    ledger: createBreaker('ledger', { clock, telemetry }),
    archive: createBreaker('archive', { clock, telemetry }),
  },
  queue: new SqsQueue(createSqsClient({ region }), queueUrl('archive')),
  clock,
  random: Math.random,
  telemetry,
});
