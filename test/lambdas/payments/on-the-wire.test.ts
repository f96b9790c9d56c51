import { beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoCatalog } from '../../../lambdas/adapters/dynamo/catalog.ts';
import { DynamoEventLog } from '../../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoHeartbeats } from '../../../lambdas/adapters/dynamo/heartbeats.ts';
import { DynamoProfiles } from '../../../lambdas/adapters/dynamo/profiles.ts';
import { DynamoReadings } from '../../../lambdas/adapters/dynamo/readings.ts';
import { DynamoRegionState } from '../../../lambdas/adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../../../lambdas/adapters/dynamo/rehydration.ts';
import { DynamoViewStore } from '../../../lambdas/adapters/dynamo/view-store.ts';
import { systemClock } from '../../../lambdas/adapters/system-clock.ts';
import { onDynamo } from '../../contract/on-dynamo.ts';
import { TABLES } from '../../engine/tables.ts';
import { calls, type Stores, type TestRegion, testRegion } from '../harness/region.ts';

const store = onDynamo();

/** A Region whose stores speak DynamoDB through the counting proxy, and a worker that knows no account yet. */
const coldRegion = (name = 'us-east-1'): { region: TestRegion; stores: Stores } => {
  const { dynamo } = store;
  const stores = {
    ledger: new DynamoEventLog(dynamo, TABLES.ledger),
    views: new DynamoViewStore(dynamo, TABLES.views),
    profiles: new DynamoProfiles(dynamo, TABLES.profiles),
    regionState: new DynamoRegionState(dynamo, TABLES.regionState),
    rehydrations: new DynamoRehydrations(dynamo, TABLES.regionState),
    heartbeats: new DynamoHeartbeats(dynamo, TABLES.ledger, name, systemClock),
    catalog: new DynamoCatalog(dynamo, TABLES.catalog),
    readings: new DynamoReadings(dynamo, TABLES.readings),
  };
  return { region: testRegion(stores, name), stores };
};

let accountId = '';
let accounts = 0;
beforeEach(async () => {
  accounts += 1;
  accountId = `us_wire${accounts}`;
  await coldRegion().region.call(calls.open(accountId));
  store.proxy.reset();
});

const pay = (key: string, amountMinor = 100) => calls.pay(key, amountMinor, {}, accountId);
const wire = () =>
  store.proxy.seen.map(({ operation, body }) => `${operation} ${String(body.TableName).split('-')[2]}`);
const paymentsInLedger = async () => {
  const { ledger } = coldRegion().stores;
  return (await ledger.readAccount(accountId as never, { limit: 1_000 })).facts.filter(
    ({ type }) => type === 'PaymentAccepted',
  );
};

describe('what a payment costs', () => {
  test('warm: one write request, one write unit, one item, nothing read', async () => {
    const { region } = coldRegion();
    await region.call(pay('warm-up'));
    store.proxy.reset();
    expect((await region.call(pay('key'))).status).toBe(201);
    expect(wire()).toEqual(['PutItem ledger']);
    expect(store.proxy.seen.map(({ consumedUnits }) => consumedUnits)).toEqual([1]);
    expect(await paymentsInLedger()).toHaveLength(2);
  });

  test('cold, the account in the view: one more read of the view', async () => {
    const { region } = coldRegion();
    await region.project();
    store.proxy.reset();
    expect((await region.call(pay('key'))).status).toBe(201);
    expect(wire()).toEqual(['GetItem views', 'PutItem ledger']);
  });

  test('cold, the account not in the view yet: the ledger is asked strongly, and the write is still one', async () => {
    const { region } = coldRegion();
    expect((await region.call(pay('key'))).status).toBe(201);
    expect(wire()).toEqual(['GetItem views', 'GetItem ledger', 'PutItem ledger']);
    expect(store.proxy.seen[1]?.body.ConsistentRead).toBe(true);
  });

  test('a replay: one refused put, nothing read, nothing written', async () => {
    const { region } = coldRegion();
    await region.call(pay('key'));
    store.proxy.reset();
    expect((await region.call(pay('key'))).headers['Idempotent-Replayed']).toBe('true');
    expect(wire()).toEqual(['PutItem ledger']);
    expect(await paymentsInLedger()).toHaveLength(1);
  });

  test('a 404 comes from the ledger, never from a view', async () => {
    const { region } = coldRegion();
    const answer = await region.call(calls.pay('key', 100, {}, 'us_nobody'));
    expect(answer.body.type).toBe('account-not-found');
    expect(wire()).toEqual(['GetItem views', 'GetItem ledger']);
  });
});

test('an invalid payment costs a read and no write', async () => {
  const { region } = coldRegion();
  await region.call(pay('warm-up'));
  store.proxy.reset();
  expect((await region.call(pay('key', -1))).status).toBe(400);
  expect(wire()).toEqual(['GetItem ledger']);
});

test('the answer is lost after the commit: the retry inside finds its own payment, once', async () => {
  const { region } = coldRegion();
  await region.call(pay('warm-up'));
  store.proxy.reset();
  store.proxy.next('PutItem', { kind: 'lost-answer' });
  const answer = await region.call(pay('key'));
  expect([answer.status, answer.headers['Idempotent-Replayed']]).toEqual([201, undefined]);
  expect(await paymentsInLedger()).toHaveLength(2);
});

test('a timed-out call ran again: every answer lost is outcome-unknown, and the same key in the other Region finds it', async () => {
  const { region } = coldRegion();
  await region.call(pay('warm-up'));
  store.proxy.next('PutItem', { kind: 'lost-answer' }, 4);
  const lost = await region.call(pay('key'));
  expect([lost.status, lost.body.type, lost.headers['Retry-After']]).toEqual([503, 'outcome-unknown', '1']);
  const found = await coldRegion('us-west-2').region.call(pay('key'));
  expect([found.status, found.headers['Idempotent-Replayed']]).toEqual([201, 'true']);
  expect(await paymentsInLedger()).toHaveLength(2);
});

test('throttled to the end: not-attempted, nothing written', async () => {
  const { region } = coldRegion();
  await region.call(pay('warm-up'));
  store.proxy.next('PutItem', { kind: 'refuse', exception: 'ThrottlingException' }, 4);
  const answer = await region.call(pay('key'));
  expect([answer.status, answer.body.type]).toEqual([503, 'not-attempted']);
  expect(region.telemetry.counts.get('LedgerThrottled')).toBe(1);
  expect(await paymentsInLedger()).toHaveLength(1);
});

test('the view does not answer: a cold worker asks the ledger and the payment goes through', async () => {
  const { region } = coldRegion();
  store.proxy.next('GetItem', { kind: 'silent', carriedOut: false });
  expect((await region.call(pay('key'))).status).toBe(201);
});

test('50 at once on one key, half in each Region: one item', async () => {
  const regions = [coldRegion().region, coldRegion('us-west-2').region];
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => regions[n % 2]!.call(pay('key'))));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(await paymentsInLedger()).toHaveLength(1);
});

test('the lookups read on DynamoDB what they read in memory', async () => {
  const { region } = coldRegion();
  await region.call(calls.bill('b', '2026-10', 700, {}, accountId));
  region.clock.currentMs += 1_000;
  const paid = (await region.call(pay('key', 200))).body;
  await region.project();
  region.clock.currentMs += 1_000;
  const late = (await region.call(pay('late', 50))).body;
  const look = async (below: string, more: object = {}) => (await region.call(calls.look(below, more, accountId))).body;
  const headers = { 'baseload-after': late.position };
  expect(await look('', { headers })).toMatchObject({
    balanceMinor: 450,
    nextDueDate: '2026-10-28',
    pendingMinor: 250,
  });
  expect(
    (await look('/statement', { headers })).lines.map((line: { balanceMinor: number }) => line.balanceMinor),
  ).toEqual([700, 500, 450]);
  const page = await look('/statement', { query: { limit: '1' } });
  const next = await look('/statement', { query: { limit: '1', cursor: page.nextCursor } });
  expect(next).toMatchObject({ lines: [{ position: paid.position, balanceMinor: 500 }], nextCursor: null });
  expect((await look('/bills')).bills).toHaveLength(1);
  expect((await look('/payments/{paymentId}', { path: { paymentId: paid.paymentId } })).remainingMinor).toBe(200);
  expect((await region.call({ routeKey: 'GET /health', claims: null })).status).toBe(200);
});
