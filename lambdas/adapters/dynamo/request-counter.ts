// Owns the table of request counts: one item an account, budget and window, added to in one request and forgotten by TTL.
// Leaves to its callers what a count that does not come means.
import { WINDOW_MS } from '../../domain/account-limit.ts';
import { type CountedWindow, type RequestCounter, RequestCounterUnavailable } from '../../ports/request-counter.ts';
import { TTL_ATTRIBUTE } from '../../shared/names.ts';
import { TIMEOUTS } from '../../shared/policies.ts';
import type { Dynamo, RequestFailed } from './client.ts';

/** A clock that is behind may still add to a window that is over; DynamoDB deletes within days, and nobody reads it again. */
const KEPT_SECONDS = 60;

const unavailable = (cause: RequestFailed) => new RequestCounterUnavailable(cause.message, { cause });

export class DynamoRequestCounter implements RequestCounter {
  constructor(
    private readonly dynamo: Dynamo,
    private readonly table: string,
  ) {}

  /** Strictly one UpdateItem; a try of the SDK that is repeated may count twice, which a limit can bear. */
  async add({ budget, accountId, windowStartMs }: CountedWindow, requests: number): Promise<number> {
    const expiresAtSeconds = Math.ceil((windowStartMs + WINDOW_MS) / 1000) + KEPT_SECONDS;
    const { Attributes } = await this.dynamo.call(
      unavailable,
      (call) =>
        call.update({
          TableName: this.table,
          Key: { pk: { S: `${budget}#${accountId}#${windowStartMs}` } },
          UpdateExpression: 'ADD #n :n SET #ttl = :ttl',
          ExpressionAttributeNames: { '#n': 'requests', '#ttl': TTL_ATTRIBUTE },
          ExpressionAttributeValues: { ':n': { N: String(requests) }, ':ttl': { N: String(expiresAtSeconds) } },
          ReturnValues: 'UPDATED_NEW',
        }),
      TIMEOUTS.requestCountMs,
    );
    return Number(Attributes?.requests?.N);
  }
}
