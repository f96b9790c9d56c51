// Owns the proof that each request has its own deadline and its own attempts, though all share what the SDK put together once.
// Leaves to event-log-silence.test.ts what a failure means for the ledger.
import { expect, test } from '@jest/globals';
import type { RequestFailed } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { TABLES } from '../engine/tables.ts';
import { account } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

const on = onDynamo();
const key = (pk: string) => ({ TableName: TABLES.ledger, Key: { pk: { S: pk }, sk: { S: 'a#000' } } });
const asFailed = (failure: RequestFailed) => failure;

test('a request that its deadline ends lets go of its connection, and is not sent again', async () => {
  on.proxy.next('GetItem', { kind: 'silent', carriedOut: false });
  const dynamo = on.connect({ timing: { requestTimeoutMs: 60_000 } });
  await expect(dynamo.call(asFailed, (call) => call.get(key('us_late')), 200)).rejects.toMatchObject({
    attempts: { count: 1 },
    cause: { name: 'DeadlineExceeded' },
  });
  expect(on.proxy.seen).toHaveLength(1);
  await on.proxy.seen[0]?.letGo;
});

test('the deadline of one request leaves another alone that is under way', async () => {
  on.proxy.next('GetItem', { kind: 'silent', carriedOut: false });
  on.proxy.next('Query', { kind: 'silent', carriedOut: false });
  const dynamo = on.connect({ timing: { requestTimeoutMs: 600 } });
  const late = dynamo.call(asFailed, (call) => call.get(key('us_late')), 200);
  const answered = dynamo.call(asFailed, async (call) => {
    await call.query({
      TableName: TABLES.ledger,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'us_there' } },
    });
    return call.attempts?.count;
  });
  await expect(late).rejects.toMatchObject({ attempts: { count: 1 } });
  expect(await answered).toBe(2);
});

test('a view on the same connection gives up when its own deadline has passed', async () => {
  on.proxy.next('GetItem', { kind: 'silent', carriedOut: false });
  const dynamo = on.connect({ timing: { requestTimeoutMs: 60_000 } });
  const view = new DynamoViewStore(dynamo.within(200), TABLES.views);
  await expect(view.sums(account('us_late'))).rejects.toMatchObject({
    name: 'ViewUnavailable',
    message: expect.stringContaining('no answer within 200 ms'),
  });
  expect(await view.sums(account('us_late'))).toBeUndefined();
});
