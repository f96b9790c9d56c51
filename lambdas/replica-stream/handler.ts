// Owns the wiring of the replica-stream function: what a worker makes once.
// Leaves to create-replica-stream-handler.ts what it does.
import { DynamoReplicaTables } from '../adapters/dynamo/replica-tables.ts';
import { ownRegion } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { answerCloudFormation } from './answer-cloudformation.ts';
import { createReplicaStreamHandler } from './create-replica-stream-handler.ts';

const region = ownRegion();

export const handler = createReplicaStreamHandler({
  region,
  tables: new DynamoReplicaTables(region),
  answer: answerCloudFormation,
  telemetry: createTelemetry('replica-stream'),
});
