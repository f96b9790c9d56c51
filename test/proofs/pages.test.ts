// The proof that whoever is woken reads what the alarm means, why it may ring, and what to run: once.
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operatorDynamo } from '../../drills/auditor/auditor.ts';
import { isSilent } from '../../drills/pair/conditions.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { startOwnRun } from '../../drills/pair/own-run.ts';
import { TABLES } from '../engine/tables.ts';

const ACCOUNT = 'us_paged';
let baseload: Harness;
let east = '';

beforeAll(async () => {
  ({ baseload, east: east } = await startOwnRun([ACCOUNT]));
}, 180_000);
afterAll(() => baseload?.stop());

describe('a page', () => {
  test('a damaged row of a view wakes somebody, once, with meaning, runbook and three queries', async () => {
    // A Region that has only begun to look judges no minute that was under way: what is met in it rings nowhere.
    await baseload.waitFor('the alarm is judged', () => isSilent(baseload, 'corrupt-fact', east), 180_000);
    const token = await baseload.token({ accounts: [ACCOUNT], scope: 'billing:pay billing:read' });
    const { body } = await baseload.api('POST', `/v1/accounts/${ACCOUNT}/payments`, {
      token,
      idempotencyKey: 'paged-1',
      body: { amountMinor: 900, currency: 'USD', method: 'card' },
    });
    const sk = `p#${body.paymentId}#000`;
    const dynamo = operatorDynamo(await baseload.dynamodb(east), east);
    await baseload.waitFor('the row to be damaged', () =>
      dynamo
        .send(
          new UpdateItemCommand({
            TableName: TABLES.views,
            Key: { pk: { S: ACCOUNT }, sk: { S: sk } },
            UpdateExpression: 'SET #sum = :wrong',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeNames: { '#sum': 'sum' },
            ExpressionAttributeValues: { ':wrong': { S: 'A'.repeat(43) } },
          }),
        )
        .then(
          () => true,
          () => undefined,
        ),
    );
    await baseload.region(east, 'GET', `/v1/accounts/${ACCOUNT}/payments/${body.paymentId}`, { token });

    const rang = async () => {
      const { pages } = (await baseload.control('GET', '/api/pages')).body as {
        pages: { region: string; topicArn: string; subject: string; message: string; attributes: object }[];
      };
      return pages.filter(({ region, subject }) => region === east && subject.includes('corrupt-fact ALARM'));
    };
    const { value } = await baseload.waitFor(
      'the page',
      async () => {
        const found = await rang();
        return found.length > 0 ? found : undefined;
      },
      180_000,
    );
    const [page] = value;
    expect(page?.topicArn).toMatch(/:baseload-us-alarms-P0$/);
    expect(page?.attributes).toEqual({
      tier: 'P0',
      region: east,
      state: 'ALARM',
      alarm: 'baseload-us-corrupt-fact-P0',
      runbook: 'docs/runbooks/corrupt-fact.md',
    });
    expect(page?.message).toContain(
      `P0 in ${east}: a fact was changed, removed or damaged behind the application’s back.`,
    );
    // Every source of context was asked with the rights of the templates, and answered.
    expect(page?.message).not.toContain('Not known');
    expect(page?.message.match(/^ {2}3\. /gm)?.length).toBeGreaterThan(0);
    expect(await rang()).toHaveLength(1);
  }, 420_000);
});
