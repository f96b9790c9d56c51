// Owns whether payment and lookup stay as fast as an account grows: the same operations at small, middle and very large accounts.
// Leaves to payment.ts and lookup.ts how they compare with others.
import { onEngine } from '../engine/bench-engine.ts';
import { startMeter } from '../engine/meter.ts';
import { comparison, consumedBy } from '../harness/consumption.ts';
import { interleave, type Prepare, type Timed } from '../harness/interleave.ts';
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
const ROUNDS = { rounds: 40, operations: 20, warmUp: 100 };
const COUNTED = { count: 100, repeatAfter: 100 };
/** In either direction. */
const WITHIN = { atLeast: 0.9 };

const accountOf = (size: number) => accountName(`with${size}`);
const named = (size: number): string => `${size.toLocaleString('en-US')} facts`;

type Open = (endpoint: string, size: number) => Prepare;

const openPayment: Open = (endpoint, size) => {
  const handler = openHandler('payments', endpoint);
  const routeKey = 'POST /v1/accounts/{accountId}/payments';
  return (n) => {
    const headers = { 'idempotency-key': `growth-${n}` };
    const body = paymentBody(100 + (n % 10_000));
    const event = apiEvent({ routeKey, accountId: accountOf(size), headers, body });
    return async () => expectStatus(await handler(event), 201);
  };
};

const openLookup: Open = (endpoint, size) => {
  const handler = openHandler('lookup', endpoint);
  return () => lookUpBill(handler, { accountId: accountOf(size), billId: LATEST });
};

const compare = async (what: string, open: Open, endpoint: string, { progress }: Surroundings) => {
  const meter = await startMeter(endpoint);
  const consumed = [];
  for (const size of SIZES) consumed.push(await consumedBy(meter, open(meter.endpoint, size), COUNTED));
  await meter.stop();
  const contenders = SIZES.map((size) => ({ name: named(size), prepare: open(endpoint, size) }));
  const timed = await interleave(contenders, { ...ROUNDS, from: 1_000 }, (line) => progress(`${what}, ${line}`));
  return { table: comparison(what, `${what}s/s`, timed, consumed), targets: targetsOf(what, timed) };
};

const targetsOf = (what: string, [smallest, ...others]: readonly Timed[]): readonly Target[] =>
  others.map(({ name, rates }) => ({
    what: `rate of a ${what} at ${name}, of that at ${smallest?.name}`,
    measured: ratioOf(rates, smallest?.rates ?? []).median,
    bound: WITHIN,
  }));

export const measureGrowth: Measurement = (around) =>
  onEngine(async (engine) => {
    for (const size of SIZES) {
      around.progress(`filling an account of ${named(size)}`);
      await fillAccounts(engine, [[...historyOf(opened(accountOf(size)), { size, bills: BILLS })]]);
    }
    await fillWatermarks(engine);
    const payment = await compare('payment', openPayment, engine.endpoint, around);
    const lookup = await compare('bill lookup', openLookup, engine.endpoint, around);
    return {
      tables: [payment.table, lookup.table],
      targets: [...payment.targets, ...lookup.targets],
      notes: [
        'One account is asked for far more than five requests in ten seconds, so each of them also adds to the shared count of its requests: one request and one write unit, at every size.',
        `Each account has ${BILLS} bills; the rest are payments.`,
      ],
    };
  });
