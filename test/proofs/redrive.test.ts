// The proof that work which a broken worker gave up is done without a person once the worker is well again, and that letters which come
// back are left to people. A run of its own: its clock goes forward, and its worker and the visibility time-out are changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo } from '../../drills/auditor/auditor.ts';
import { type ChangedRun, startChanged } from '../../drills/pair/changed-assembly.ts';
import { booksOf, demoIsLoaded, moveClock } from '../../drills/pair/own-run.ts';
import { functionName, queueName, tableName } from '../../lambdas/shared/names.ts';

const EAST = 'us-east-1';
const ACCOUNT = 'us_redriven';
const VISIBILITY_SECONDS = 6;
const CALM_MS = 15 * 60_000;

/** A release that crashes on one account's payments. */
const DEFECT = `
const released = module.exports.handler;
module.exports = { handler: (event) => {
  if (JSON.stringify(event).includes('${ACCOUNT}')) throw new Error('not foreseen');
  return released(event);
} };
`;

interface Page {
  readonly region: string;
  readonly topicArn: string;
  readonly subject: string;
}

describe('settlements that a broken worker gave up', () => {
  let changed: ChangedRun | undefined;
  let dynamo: ReturnType<typeof operatorDynamo> | undefined;
  let code = '';
  let sound = '';
  const baseload = () => {
    if (changed === undefined) throw new Error('the run is only there inside of tests');
    return changed.baseload;
  };

  beforeAll(async () => {
    changed = await startChanged((_region, resources, assembly) => {
      const queue = resources.find(
        ({ type, properties }) => type === 'AWS::SQS::Queue' && properties.QueueName === queueName('us', 'settlements'),
      );
      const worker = resources.find(
        ({ type, properties }) =>
          type === 'AWS::Lambda::Function' && properties.FunctionName === functionName('us', 'settle-payment'),
      );
      if (queue === undefined || worker === undefined) throw new Error('no settlements');
      queue.properties.VisibilityTimeout = VISIBILITY_SECONDS;
      worker.properties.Timeout = VISIBILITY_SECONDS;
      code = join(assembly, `asset.${worker.properties.Code.S3Key.replace(/\.zip$/, '')}`, 'index.js');
      sound ||= readFileSync(code, 'utf8');
      writeFileSync(code, sound + DEFECT);
    });
    await demoIsLoaded(baseload());
    await openAccounts(baseload(), [ACCOUNT]);
  }, 150_000);

  afterAll(async () => {
    dynamo?.destroy();
    await changed?.end();
  }, 30_000);

  const letters = async (): Promise<number | undefined> =>
    (await baseload().state()).queues.find(({ region, slug }) => region === EAST && slug === 'settlements')?.dlq;
  const stateOf = async (slug: string): Promise<string | undefined> =>
    (await baseload().state()).alarms.find((alarm) => alarm.region === EAST && alarm.slug === slug)?.state;
  const alarmIs = (slug: string, state: 'OK' | 'ALARM') =>
    baseload().waitFor(`${slug} is ${state}`, async () => (await stateOf(slug)) === state, 200_000);
  /** What was told of redrives in the Region, oldest first. */
  const told = async (): Promise<readonly string[]> =>
    ((await baseload().control('GET', '/api/pages')).body as { pages: Page[] }).pages
      .filter(({ region, subject }) => region === EAST && subject.startsWith(`P1 ${EAST} settlements: `))
      .map(({ topicArn, subject }) => `${topicArn.slice(-2)} ${subject.replace(/^.*?: /, '')}`);

  /** When the function last saw letters of the redrive that it remembers. */
  const seenAtMs = async (): Promise<number> => {
    const Key = { pk: { S: 'redrive#settlements' } };
    dynamo ??= operatorDynamo(await baseload().dynamodb(EAST), EAST);
    const { Item } = await dynamo.send(new GetItemCommand({ TableName: tableName('us', 'region-state'), Key }));
    return Number(Item?.seenAtMs?.N);
  };

  test('ring for their worker and for themselves', async () => {
    // A Region that has only begun to look has no alarm yet, and a minute of errors is soon past.
    await alarmIs('settle-payment-errors', 'OK');
    const token = await baseload().token({ accounts: [ACCOUNT], scope: 'billing:pay' });
    const { status } = await baseload().region(EAST, 'POST', `/v1/accounts/${ACCOUNT}/payments`, {
      token,
      idempotencyKey: 'redriven-1',
      body: { amountMinor: 4_200, currency: 'USD', method: 'card' },
    });
    expect(status).toBe(201);
    await baseload().waitFor('the payment given up', async () => (await letters()) === 1, 90_000);
    await alarmIs('settle-payment-errors', 'ALARM');
    await alarmIs('settlements-dead-letters', 'ALARM');
  }, 600_000);

  test('are done once the worker is well for a quarter of an hour, and people are told', async () => {
    writeFileSync(code, sound);
    for (const region of baseload().regionNames) {
      await baseload().tell(region, 'kill');
      await baseload().tell(region, 'start');
    }
    await alarmIs('settle-payment-errors', 'OK');
    expect([await letters(), await told()]).toEqual([1, []]);

    await moveClock(baseload(), CALM_MS + 60_000);
    await baseload().waitFor('the letter gone', async () => (await letters()) === 0, 120_000);
    const charged = async () => (await booksOf(baseload())).charges.filter(({ amountMinor }) => amountMinor === 4_200);
    const collected = async () => (await charged()).some(({ status }) => status === 'collected');
    await baseload().waitFor('the payment collected', collected, 60_000);
    expect(await charged()).toHaveLength(1);
    // Told once the move has begun: the money may be quicker.
    await baseload().waitFor('people told', async () => (await told()).length > 0, 60_000);
    expect(await told()).toEqual(['P1 dead letters of settlements go back to work: 1']);
  }, 500_000);

  test('that are there again are left to people, who are told once', async () => {
    await alarmIs('settlements-dead-letters', 'OK');
    const sqs = new SQSClient({
      region: EAST,
      endpoint: (await baseload().wiring()).sqs[EAST] ?? '',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
    });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName('us', 'settlements') }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'what no sender wrote' }));
    sqs.destroy();
    await alarmIs('settlements-dead-letters', 'ALARM');

    for (const times of ['once', 'twice']) {
      const before = await seenAtMs();
      // The schedule is due after any such jump.
      await moveClock(baseload(), CALM_MS + 60_000);
      await baseload().waitFor(`looked at ${times}`, async () => (await seenAtMs()) > before, 120_000);
    }
    expect(await letters()).toBe(1);
    expect(await told()).toEqual([
      'P1 dead letters of settlements go back to work: 1',
      'P1 dead letters of settlements came back after a redrive',
    ]);
  }, 400_000);
});
