// Owns `GET /v1/readings/{batchId}`: whether a delivery that was accepted is stored.
// Leaves to the port what is known of a batch.
import { requireScope } from '../shared/http/access.ts';
import { type ApiEvent, pathParameter } from '../shared/http/event.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { Reply } from '../shared/http/reply.ts';
import type { ReadingsDeps } from './readings-deps.ts';

const BATCH_ID = /^bat_[A-Za-z0-9_-]{43}$/;

export const getBatch = async ({ batches }: ReadingsDeps, event: ApiEvent): Promise<Reply> => {
  requireScope(event);
  const batchId = pathParameter(event, 'batchId');
  const batch = BATCH_ID.test(batchId) ? await batches.status(batchId) : undefined;
  if (batch === undefined) throw new Refusal('batch-not-found', 'This Region knows of no such batch, or not yet');
  return { status: 200, body: { batchId, status: batch.status, accepted: batch.accepted } };
};
