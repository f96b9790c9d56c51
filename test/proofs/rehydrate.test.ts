// The proof of promise 4 where the stream cannot help: a Region away for longer than its stream reaches rebuilds its view from
// the ledger, and is believed by nobody before: lookups there are right from the first one on.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Harness } from '../../drills/pair/harness.ts';
import { DAY_AND_MORE_MS, isQuiet, moveClock, order, startOwnRun } from '../../drills/pair/own-run.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { dumpView } from '../engine/dump-view.ts';
import { CREDENTIALS, TABLES } from '../engine/tables.ts';

const ACCOUNT = 'us_away';
const FUNCTION = 'baseload-us-rehydrate-view';

let baseload: Harness;
let EAST = '';
let WEST = '';

beforeAll(async () => {
  ({ baseload, east: EAST, west: WEST } = await startOwnRun([ACCOUNT]));
}, 120_000);
afterAll(() => baseload?.stop(), 30_000);

const pay = async (idempotencyKey: string, amountMinor: number): Promise<void> => {
  const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay' });
  const body = { amountMinor, currency: 'USD', method: 'card' };
  const refused = new Set<string>();
  const accepted = async (): Promise<boolean> => {
    const answer = await baseload.region(EAST, 'POST', `/v1/accounts/${ACCOUNT}/payments`, {
      token,
      idempotencyKey,
      body,
    });
    if (answer.status === 201) return true;
    refused.add(`${answer.status} ${JSON.stringify(answer.body)}`);
    // A payer who asks again at once is soon over the account's limit, and that is all that would be seen.
    await pause(500);
    return false;
  };
  await baseload.waitFor('the Region takes the payment', accepted).catch((error: unknown) => {
    throw new Error(`payment ${idempotencyKey} was not taken: ${[...refused].join(', ')}`, { cause: error });
  });
};
const look = async (region: string, below = '') => {
  const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:read' });
  return baseload.region(region, 'GET', `/v1/accounts/${ACCOUNT}${below}`, { token });
};
const view = async (region: string) => dumpView(await baseload.dynamodb(region), { region });
const rehydration = async (region: string) => {
  const dynamo = new Dynamo({ endpoint: await baseload.dynamodb(region), region, credentials: CREDENTIALS });
  try {
    return await new DynamoRehydrations(dynamo, TABLES.regionState).read();
  } finally {
    dynamo.destroy();
  }
};

describe('a Region is away for a day and an hour', () => {
  beforeAll(async () => {
    await pay('before', 100);
    await baseload.waitFor(
      'both views show it',
      async () => (await look(EAST)).body.balanceMinor === -100 && (await look(WEST)).body.balanceMinor === -100,
    );
    // The other Region's copies of the work come a minute later, and are dropped.
    await moveClock(baseload, 61_000);
    await baseload.waitFor('all that follows from it is done', () => isQuiet(baseload), 90_000);
    await baseload.tell(WEST, 'kill');
    for (const [index, amountMinor] of [200, 300, 400].entries()) await pay(`away-${index}`, amountMinor);
    await moveClock(baseload, DAY_AND_MORE_MS);
    await pay('a-day-later', 500);
    await baseload.tell(WEST, 'start');
  }, 240_000);

  test('its first answers are right, and read strongly', async () => {
    const { value } = await baseload.waitFor('its first answer', async () => {
      const answer = await look(WEST);
      return answer.status === 200 && answer;
    });
    expect(value.body.balanceMinor).toBe(-1_500);
    expect(value.headers.get('baseload-staleness-ms')).toBe('0');
    expect((await look(WEST, '/statement')).body.lines).toHaveLength(5);
  }, 60_000);

  test('it knows of the gap, rebuilds its view from the ledger, and is current then', async () => {
    await baseload.waitFor('the mark', async () => (await rehydration(WEST))?.reason === 'stream-gap');
    await order(baseload, `/api/schedules/${FUNCTION}/run?region=${WEST}`);
    await baseload.waitFor('the state current', async () => (await rehydration(WEST))?.state === 'current', 90_000);
    expect(await rehydration(WEST)).toMatchObject({ reason: 'stream-gap', factsCorrupt: 0 });
  }, 150_000);

  test('its view is that of the other Region, byte for byte', async () => {
    await baseload.waitFor(
      'both views alike, once what the payments led to is done',
      async () => {
        const [east, west] = await Promise.all([view(EAST), view(WEST)]);
        return east.length > 0 && JSON.stringify(east) === JSON.stringify(west);
      },
      120_000,
    );
    const copies = (await view(WEST)).filter(
      (line) => line.includes(`pk="${ACCOUNT}"`) && line.includes('PaymentAccepted'),
    );
    expect(copies).toHaveLength(5);
  }, 150_000);
});
