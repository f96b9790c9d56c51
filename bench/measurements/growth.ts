// Owns whether payment and lookup stay as fast as an account grows: the same operations at small, middle and very large accounts.
// Leaves to payment.ts and lookup.ts how they compare with others.
import { TOTALS_KEY } from '../../lambdas/adapters/view-rows.ts';
import type { PaymentId } from '../../lambdas/domain/ids.ts';
import { factKey, paymentStream } from '../../lambdas/domain/keys.ts';
import { type BenchEngine, onEngine } from '../engine/bench-engine.ts';
import { type Meter, startMeter } from '../engine/meter.ts';
import { TABLES } from '../engine/tables.ts';
import { comparison, consumedBy } from '../harness/consumption.ts';
import { interleave, type Operation, type Timed } from '../harness/interleave.ts';
import type { Measurement, Surroundings, Target } from '../harness/measurement.ts';
import { ratioOf } from '../harness/statistics.ts';
import { apiEvent } from '../workload/api-event.ts';
import { billOf, lookUpBill } from '../workload/bill-lookup.ts';
import { expectStatus, openHandler } from '../workload/bundled-handler.ts';
import { fillAccounts, fillWatermarks } from '../workload/fill.ts';
import { accountName, historyOf, opened, paymentBody } from '../workload/history.ts';

const SIZES = [10, 1_000, 100_000] as const;
const BILLS = 6;
const LATEST = billOf(BILLS - 1);
const ROUNDS = { rounds: 100, operations: 10, warmUp: 400 };
const COUNTED = { count: 100, repeatAfter: 100 };
/** DynamoDB takes so many in one transaction. */
const DELETES_PER_COMMIT = 100;
const AT_LEAST_AS_FAST = { atLeast: 0.9 };

const accountOf = (size: number) => accountName(`with${size}`);
const named = (size: number): string => `${size.toLocaleString('en-US')} facts`;

interface Asked {
  readonly prepare: (size: number, n: number) => Operation;
  /** The accounts are as large as before. */
  readonly restore: () => Promise<void>;
}

/** One function for all accounts, as one worker serves whoever comes: they differ in nothing else. */
type Open = (endpoint: string, engine: BenchEngine) => Asked;

const openPayment: Open = (endpoint, { connection }) => {
  const handler = openHandler('payments', endpoint);
  const routeKey = 'POST /v1/accounts/{accountId}/payments';
  let made: object[] = [];
  return {
    prepare: (size, n) => {
      const headers = { 'idempotency-key': `growth-${n}` };
      const body = paymentBody(100 + (n % 10_000));
      const event = apiEvent({ routeKey, accountId: accountOf(size), headers, body });
      return async () => {
        const answer = expectStatus(await handler(event), 201);
        const { paymentId } = JSON.parse(String(answer.body)) as { readonly paymentId: PaymentId };
        const Key = { pk: { S: accountOf(size) }, sk: { S: factKey(paymentStream(paymentId), 0) } };
        made.push({ Delete: { TableName: TABLES.ledger, Key, ConditionExpression: 'attribute_exists(pk)' } });
      };
    },
    restore: async () => {
      for (; made.length > 0; made = made.slice(DELETES_PER_COMMIT)) {
        await connection.must('TransactWriteItems', { TransactItems: made.slice(0, DELETES_PER_COMMIT) });
      }
    },
  };
};

/** As if a fact had come in before each, or what the worker keeps of the account would answer all but the first. */
const openLookup: Open = (endpoint, { connection }) => {
  const handler = openHandler('lookup', endpoint);
  const moved = new Map<number, number>();
  const moveTotals = (size: number, by: number) =>
    connection.must('UpdateItem', {
      TableName: TABLES.views,
      Key: { pk: { S: accountOf(size) }, sk: { S: TOTALS_KEY } },
      UpdateExpression: 'ADD factCount :by',
      ExpressionAttributeValues: { ':by': { N: String(by) } },
    });
  return {
    prepare: (size) => {
      const lookUp = lookUpBill(handler, { accountId: accountOf(size), billId: LATEST });
      return async () => {
        moved.set(size, (moved.get(size) ?? 0) + 1);
        await moveTotals(size, 1);
        await lookUp();
      };
    },
    restore: async () => {
      for (const [size, by] of moved) await moveTotals(size, -by);
      moved.clear();
    },
  };
};

const countedAt = async (meter: Meter, { prepare, restore }: Asked, size: number) => {
  const consumed = await consumedBy(meter, (n) => prepare(size, n), COUNTED);
  await restore();
  return consumed;
};

const compare = async (what: string, open: Open, engine: BenchEngine, { progress }: Surroundings) => {
  const meter = await startMeter(engine.endpoint);
  const metered = open(meter.endpoint, engine);
  const consumed = [];
  for (const size of SIZES) consumed.push(await countedAt(meter, metered, size));
  await meter.stop();
  const { prepare, restore } = open(engine.endpoint, engine);
  const contenders = SIZES.map((size) => ({ name: named(size), prepare: (n: number) => prepare(size, n), restore }));
  const timed = await interleave(contenders, { ...ROUNDS, from: 1_000 }, (line) => progress(`${what}, ${line}`));
  return { table: comparison(what, `${what}s/s`, timed, consumed), targets: targetsOf(what, timed) };
};

const targetsOf = (what: string, [smallest, ...others]: readonly Timed[]): readonly Target[] =>
  others.map(({ name, rates }) => ({
    what: `rate of a ${what} at ${name}, of that at ${smallest?.name}`,
    measured: ratioOf(rates, smallest?.rates ?? []).median,
    bound: AT_LEAST_AS_FAST,
  }));

export const measureGrowth: Measurement = (around) =>
  onEngine(async (engine) => {
    for (const size of SIZES) {
      const filling = `filling an account of ${named(size)}`;
      around.progress(filling);
      const history = [...historyOf(opened(accountOf(size)), { size, bills: BILLS })];
      await fillAccounts(engine, [history], (line) => around.progress(`${filling}: ${line}`));
    }
    await fillWatermarks(engine);
    const payment = await compare('payment', openPayment, engine, around);
    const lookup = await compare('bill lookup', openLookup, engine, around);
    return {
      tables: [payment.table, lookup.table],
      targets: [...payment.targets, ...lookup.targets],
      notes: [
        'One account is asked for far more than five requests in ten seconds, so each of them also adds to the shared count of its requests: one request and one write unit, at every size.',
        `Each account has ${BILLS} bills; the rest are payments. What a round pays is taken out again before the next one: no account grows meanwhile.`,
        'Before each lookup the totals are moved as by a fact that came in, which is timed with it: what a worker keeps answers none of them.',
      ],
    };
  });
