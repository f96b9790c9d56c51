// The proof of D6 and D15 under crashes: what dies between an acknowledgment and its charge, or between a charge and its record,
// leaves each payment charged once, by the processor's own books.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { booksOf, DAY_AND_MORE_MS, isQuiet, moveClock, order, startOwnRun } from '../../drills/pair/own-run.ts';
import { type AccountId, commandId, paymentIdOf } from '../../lambdas/domain/ids.ts';
import { dumpView } from '../engine/dump-view.ts';
import { TABLES } from '../engine/tables.ts';

const ACCOUNT = 'us_crash' as AccountId;
const AMOUNT_MINOR = 4_200;
/** What a stream that is to be held at its place is told: as many batches and as long as can be. */
const HOLD = { kind: 'delay', count: 100_000, delaySeconds: 900 };

let baseload: Harness;
let EAST = '';
let WEST = '';

beforeAll(async () => {
  ({ baseload, east: EAST, west: WEST } = await startOwnRun([ACCOUNT]));
}, 120_000);
afterAll(() => baseload?.stop(), 30_000);

const pay = async (idempotencyKey: string) => {
  const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay' });
  const body = { amountMinor: AMOUNT_MINOR, currency: 'USD', method: 'card' };
  const path = `/v1/accounts/${ACCOUNT}/payments`;
  const { value } = await baseload.waitFor('the Region takes the payment', async () => {
    const answer = await baseload.region(EAST, 'POST', path, { token, idempotencyKey, body });
    return answer.status === 201 && answer;
  });
  return String(value.body.paymentId);
};

/** Types of the facts of a payment, by ordinal. */
const factsOf = async (payment: string): Promise<readonly string[]> => {
  const items = await readLedger(operatorDynamo(await baseload.dynamodb(WEST), WEST), TABLES.ledger);
  return items.filter(({ sk }) => sk.startsWith(`p#${payment}#`)).map(({ body }) => String(body['type']));
};
const chargesOf = async (payment: string) => {
  const { charges } = await booksOf(baseload);
  return charges
    .filter((charge) => charge.paymentId === payment)
    .map(({ status, amountMinor }) => [status, amountMinor]);
};
const SETTLED = ['PaymentAccepted', 'ChargeStarted', 'PaymentSettled'];
const settledIn = (payment: string) => async () => (await factsOf(payment)).length === 3;

/** Resolves when the killed Region has heard of the outcome, and has worked whatever follows from what it heard. */
const comesBack = async (payment: string): Promise<void> => {
  await baseload.tell(EAST, 'start');
  const endpoint = await baseload.dynamodb(EAST);
  await baseload.waitFor(
    'its own view has the outcome, and the batch that brought it is done',
    async () => {
      const view = await dumpView(endpoint, { region: EAST });
      const has = view.some((line) => line.includes(`sk="p#${payment}#002"`));
      return has && (await baseload.state()).regions[EAST]?.viewLagMs === 0;
    },
    60_000,
  );
  // What the other Region accepted comes to this one's queues a minute later.
  await moveClock(baseload, 61_000);
  await baseload.waitFor('nothing is left to do', () => isQuiet(baseload), 60_000);
};
const deadLetters = async (): Promise<number> => {
  const { queues } = await baseload.state();
  const work = queues.filter(({ slug }) => slug === 'settlements' || slug === 'notices');
  return work.reduce((sum, { dlq }) => sum + dlq, 0);
};

describe('the accepting Region is killed after the 201 and before its dispatch', () => {
  test('the other settles and notices, and when it is back nothing is charged again', async () => {
    await order(baseload, `/api/streams/${EAST}/faults`, HOLD);
    const payment = await pay('before-dispatch');
    await baseload.tell(EAST, 'kill');
    expect(await chargesOf(payment)).toEqual([]);

    // The other Region has it on its queues, delayed by a minute; the accepting one never had.
    await baseload.waitFor('the other Region was told', async () => {
      const { queues } = await baseload.state();
      const delayed = queues.filter(({ region, delayed: count }) => region === WEST && count > 0);
      return (
        delayed
          .map(({ slug }) => slug)
          .sort()
          .join() === 'notices,settlements'
      );
    });
    expect(await factsOf(payment)).toEqual(['PaymentAccepted']);
    await moveClock(baseload, 61_000);
    await baseload.waitFor('the other Region has settled it', settledIn(payment), 60_000);
    expect(await factsOf(payment)).toEqual(SETTLED);
    expect(await chargesOf(payment)).toEqual([['collected', AMOUNT_MINOR]]);

    await comesBack(payment);
    expect(await chargesOf(payment)).toEqual([['collected', AMOUNT_MINOR]]);
    expect(await factsOf(payment)).toEqual(SETTLED);
    expect(await deadLetters()).toBe(0);
  }, 240_000);
});

describe('a worker dies between confirm and the outcome fact', () => {
  test('its message comes back a day later, the processor has forgotten its keys, and the payment is charged once', async () => {
    const path = `/v1/accounts/${ACCOUNT}/payments`;
    const key = 'before-outcome';
    const payment = paymentIdOf(commandId({ jurisdiction: 'us', accountId: ACCOUNT, path, idempotencyKey: key }));
    // The worker's put of the outcome is never answered, and never made; the Region is killed while it waits.
    const silence = { kind: 'silent', region: EAST, sortKeyPrefix: `p#${payment}#002` } as const;
    await baseload.fault({ ...silence, count: 1_000 });
    expect(await pay(key)).toBe(payment);
    await baseload.waitFor('the processor has collected', async () =>
      (await chargesOf(payment)).some(([status]) => status === 'collected'),
    );
    await baseload.tell(EAST, 'kill');
    await baseload.fault({ ...silence, count: 0 });
    expect(await factsOf(payment)).toEqual(['PaymentAccepted', 'ChargeStarted']);

    await moveClock(baseload, DAY_AND_MORE_MS);
    await baseload.waitFor('the other Region has recorded the outcome', settledIn(payment), 60_000);
    await comesBack(payment);
    expect(await factsOf(payment)).toEqual(SETTLED);
    expect(await chargesOf(payment)).toEqual([['collected', AMOUNT_MINOR]]);
    expect(await deadLetters()).toBe(0);
  }, 240_000);
});
