// The proof that damage is repaired without a person: bits flipped in ledger and view, and a fact deleted, each detected, named and put
// right by the Regions' own scrubbers, while every acknowledged payment stays what it was.
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { settled } from '../../drills/pair/settled.ts';
import { Dynamo } from '../../lambdas/adapters/dynamo/client.ts';
import { DynamoRegionState } from '../../lambdas/adapters/dynamo/region-state.ts';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { viewCoversUntilMs } from '../../lambdas/shared/integrity/view-coverage.ts';
import { baseload as commandLine } from '../cli/two-regions.ts';
import { CREDENTIALS, TABLES } from '../engine/tables.ts';
import { sharedRun } from './shared-run.ts';

const baseload = sharedRun();
const ACCOUNT = 'us_scrubbed';
const AMOUNTS = [1_100, 1_200, 1_300] as const;
const [EAST = '', WEST = ''] = baseload.regionNames;

describe('damage behind the application', () => {
  const keys: string[] = [];
  let asItWas: readonly unknown[] = [];

  const dynamo = async (region: string) => operatorDynamo(await baseload.dynamodb(region), region);
  const facts = async () =>
    (await readLedger(await dynamo(EAST), TABLES.ledger)).filter(
      ({ pk, sk }) => pk === ACCOUNT && !sk.startsWith('r#'),
    );
  const stored = async () => (await facts()).map(({ sk, stored: { body, sum } }) => [sk, body, sum]).sort();
  const repairsOf = async (key: string) =>
    (await readLedger(await dynamo(EAST), TABLES.ledger)).filter(
      ({ pk, body }) => pk === ACCOUNT && body['type'] === 'FactRepaired' && body['repairedKey'] === key,
    );
  /** As the schedule does every minute. */
  const scrub = async (region: string): Promise<void> => {
    const answer = await baseload.control('POST', `/api/schedules/baseload-us-scrub/run?region=${region}`);
    expect(answer.status).toBe(200);
  };
  const verify = () => commandLine(['verify', '--control', baseload.ready.control, '--account', ACCOUNT]);
  const isWhole = async (): Promise<boolean> => {
    const { code, printed } = await verify();
    return code === 0 && !printed.join().includes('not yet in a view');
  };
  /** Until then, what a view lacks may still come, and is no finding. */
  const allMustBeInTheView = async (region: string): Promise<boolean> => {
    const store = new Dynamo({ region, endpoint: await baseload.dynamodb(region), credentials: CREDENTIALS });
    const newestMs = Math.max(...(await facts()).map(({ body }) => Number(body['occurredAtMs'])));
    try {
      const state = new DynamoRegionState(store, TABLES.regionState);
      const rebuilds = new DynamoRehydrations(store, TABLES.regionState);
      return (await viewCoversUntilMs(region, state, rebuilds)) > newestMs;
    } finally {
      store.destroy();
    }
  };
  const flip = async (region: string, table: string, key: string): Promise<void> => {
    await (await dynamo(region)).send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: ACCOUNT }, sk: { S: key } },
        UpdateExpression: 'SET #sum = :wrong',
        ExpressionAttributeNames: { '#sum': 'sum' },
        ExpressionAttributeValues: { ':wrong': { S: 'A'.repeat(43) } },
      }),
    );
  };

  beforeAll(async () => {
    await settled(baseload);
    await openAccounts(baseload, [ACCOUNT]);
    const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay' });
    for (const amountMinor of AMOUNTS) {
      const { status, body } = await baseload.api('POST', `/v1/accounts/${ACCOUNT}/payments`, {
        token,
        idempotencyKey: `scrubbed-${amountMinor}`,
        body: { amountMinor, currency: 'USD', method: 'card' },
      });
      expect(status).toBe(201);
      keys.push(`p#${body.paymentId}#000`);
    }
    await baseload.waitFor('the payments settled', async () => {
      const settledOnes = (await facts()).filter(({ body }) => body['type'] === 'PaymentSettled');
      return settledOnes.length === AMOUNTS.length;
    });
    await baseload.waitFor('ledger and views whole', isWhole);
    asItWas = await stored();
  }, 180_000);

  test('a bit flipped in the ledger: verify names it, a scrubber repairs it, once, and says so in the ledger', async () => {
    const [key = ''] = keys;
    await flip(EAST, TABLES.ledger, key);
    expect((await verify()).printed[0]).toContain(
      `ledger  ${ACCOUNT}  ${key}  corrupt: its checksum does not match its body`,
    );
    // Its own stream has told the scrubber, or a walk comes by: either way nobody is asked.
    await baseload.waitFor('the repair', async () => {
      await scrub(EAST);
      return (await repairsOf(key)).length > 0;
    });
    await scrub(WEST);
    expect(await repairsOf(key)).toHaveLength(1);
    expect(await stored()).toEqual(asItWas);
    await baseload.waitFor('ledger and views whole', isWhole);
  }, 90_000);

  test('a fact deleted from the ledger comes back from a view, also in the other Region', async () => {
    const [, key = ''] = keys;
    await (await dynamo(WEST)).send(
      new DeleteItemCommand({ TableName: TABLES.ledger, Key: { pk: { S: ACCOUNT }, sk: { S: key } } }),
    );
    expect((await verify()).printed[0]).toContain(
      `ledger  ${ACCOUNT}  ${key}  missing: is in a view and not in the ledger`,
    );
    await baseload.waitFor('the repair', async () => {
      await scrub(WEST);
      return (await repairsOf(key)).length > 0;
    });
    expect(await stored()).toEqual(asItWas);
    await baseload.waitFor('ledger and views whole', isWhole);
  }, 90_000);

  test('a bit flipped in a view, and a row that is gone, are put right from the ledger', async () => {
    const [, , key = ''] = keys;
    // A watermark stands still while the flipped fact is delivered again and again, some thirty seconds, until it is given up.
    await baseload.waitFor('the view is past the payments', () => allMustBeInTheView(WEST), 60_000);
    await flip(WEST, TABLES.views, key);
    await (await dynamo(WEST)).send(
      new DeleteItemCommand({ TableName: TABLES.views, Key: { pk: { S: ACCOUNT }, sk: { S: keys[0] ?? '' } } }),
    );
    const { code, printed } = await verify();
    expect([
      code,
      printed
        .filter((line) => !line.includes('derived: '))
        .slice(0, -1)
        .sort(),
    ]).toEqual([
      1,
      [
        `${WEST}  view  ${ACCOUNT}  ${key}  corrupt: its checksum does not match its body`,
        `${WEST}  view  ${ACCOUNT}  ${keys[0]}  missing: has not come into the view`,
      ].sort(),
    ]);
    await baseload.waitFor('ledger and views whole', async () => {
      await scrub(WEST);
      return isWhole();
    });
    const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:read' });
    const balance = await baseload.region(WEST, 'GET', `/v1/accounts/${ACCOUNT}/balance`, { token });
    expect(balance.body.balanceMinor).toBe(-3_600);
    expect(await stored()).toEqual(asItWas);
  }, 150_000);
});
