// The proof of D6 under deliveries that duplicate, reorder, delay and lose: the same ledger, the same views, nothing left open.
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAccounts, operatorDynamo, readLedger } from '../../drills/auditor/auditor.ts';
import { Harness } from '../../drills/pair/harness.ts';
import { booksOf, demoIsLoaded, isQuiet, moveClock, order } from '../../drills/pair/own-run.ts';
import { deadLetterQueueName } from '../../lambdas/shared/names.ts';
import { dumpView } from '../engine/dump-view.ts';
import { TABLES } from '../engine/tables.ts';

const ACCOUNTS = ['us_delivery-1', 'us_delivery-2', 'us_delivery-3'];
const PAYMENTS = 24;
const AMOUNT_MINOR = 1_000;
const REFUND_MINOR = 300;
const QUEUES = ['settlements', 'notices'] as const;
/** As good as for ever, until it is taken back. */
const EVERY = 100_000;

let baseload: Harness;
let EAST = '';
let WEST = '';
/** Payment ids, and which of them were refunded. */
const paid: string[] = [];
const refunded = new Set<string>();

beforeAll(async () => {
  baseload = await Harness.start();
  [EAST = '', WEST = ''] = baseload.regionNames;
  await demoIsLoaded(baseload);
  await openAccounts(baseload, ACCOUNTS);
}, 120_000);
afterAll(() => baseload?.stop(), 30_000);

const everyFault = async (on: boolean): Promise<void> => {
  const count = (many: number) => (on ? many : 0);
  for (const region of [EAST, WEST]) {
    const stream = [
      { kind: 'duplicate', count: count(EVERY) },
      { kind: 'reorder', count: count(EVERY) },
      { kind: 'delay', count: count(8), delaySeconds: 2, sortKeyPrefix: 'p#' },
      // One Region's stream loses batches: its peer's view has them, and so its peer's sweep.
      { kind: 'lose-to-dlq', count: count(region === EAST ? 3 : 0), sortKeyPrefix: 'p#' },
    ];
    for (const fault of stream) await order(baseload, `/api/streams/${region}/faults`, fault);
    const queue = [
      { kind: 'duplicate', count: count(EVERY) },
      { kind: 'reorder', count: count(EVERY) },
      { kind: 'delay', count: count(6), delaySeconds: 30 },
      { kind: 'lose-to-dlq', count: count(8) },
    ];
    for (const slug of QUEUES)
      for (const fault of queue) await order(baseload, `/api/queues/${region}/${slug}/faults`, fault);
  }
};

const payAndRefund = async (): Promise<void> => {
  const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay billing:operate' });
  for (let index = 0; index < PAYMENTS; index++) {
    const region = index % 2 === 0 ? EAST : WEST;
    const path = `/v1/accounts/${ACCOUNTS[index % ACCOUNTS.length]}/payments`;
    const body = { amountMinor: AMOUNT_MINOR + index, currency: 'USD', method: 'card' };
    const answer = await baseload.region(region, 'POST', path, { token, idempotencyKey: `pay-${index}`, body });
    expect(answer.status).toBe(201);
    const paymentId = String(answer.body.paymentId);
    paid.push(paymentId);
    if (index % 3 !== 0) continue;
    const other = region === EAST ? WEST : EAST;
    const refund = await baseload.region(other, 'POST', `${path}/${paymentId}/refunds`, {
      token,
      idempotencyKey: `refund-${index}`,
      body: { amountMinor: REFUND_MINOR, reason: 'paid too much' },
    });
    expect(refund.status).toBe(201);
    refunded.add(paymentId);
  }
};

const queueOf = async (region: string, slug: string) => {
  const { queues } = await baseload.state();
  const queue = queues.find((one) => one.region === region && one.slug === slug);
  if (queue === undefined) throw new Error(`no queue ${slug} in ${region}`);
  return queue;
};
const viewOf = async (region: string) => dumpView(await baseload.dynamodb(region), { region });
const ledger = async () => readLedger(operatorDynamo(await baseload.dynamodb(WEST), WEST), TABLES.ledger);
/** What an operator does with the AWS CLI, as the runbooks say: the lost messages moved back, the notes of lost batches deleted. */
const redrive = async (region: string): Promise<void> => {
  const endpoint = (await baseload.wiring()).sqs[region] ?? '';
  const client = new SQSClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'operator', secretAccessKey: 'local' },
  });
  const urlOf = async (QueueName: string) => (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  for (const queue of QUEUES) {
    const QueueUrl = await urlOf(deadLetterQueueName('us', queue));
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const SourceArn = (await client.send(command)).Attributes?.['QueueArn'];
    await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
  }
  await client.send(new PurgeQueueCommand({ QueueUrl: await urlOf('baseload-us-project-facts-failures') }));
  client.destroy();
};

/** What the processor has of each payment in the end: collected once, less what it sent back. */
const netOf = async () => {
  const { charges, refunds } = await booksOf(baseload);
  return paid.map((payment) => {
    const collected = charges.filter(({ paymentId, status }) => paymentId === payment && status === 'collected');
    const sentMinor = refunds
      .filter(({ charge }) => collected.some(({ reference }) => reference === charge))
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return {
      charged: collected.length,
      netMinor: collected.reduce((sum, one) => sum + one.amountMinor, 0) - sentMinor,
    };
  });
};
const expected = () =>
  paid.map((payment, index) => ({
    charged: 1,
    netMinor: AMOUNT_MINOR + index - (refunded.has(payment) ? REFUND_MINOR : 0),
  }));

describe('streams and queues duplicate, reorder, delay and lose, in both Regions at once', () => {
  beforeAll(async () => {
    await everyFault(true);
    await payAndRefund();
    await baseload.waitFor(
      'batches and messages were lost',
      async () => {
        await moveClock(baseload, 1_000);
        const lost = await Promise.all([EAST, WEST].map((region) => queueOf(region, 'settlements')));
        return lost.every(({ dlq }) => dlq === 8) && (await queueOf(EAST, 'project-facts-failures')).visible === 3;
      },
      90_000,
    );
    await everyFault(false);
  }, 180_000);

  test('a sweep later nothing is open, and each payment is charged once', async () => {
    await moveClock(baseload, 11 * 60_000);
    await baseload.waitFor(
      'the peer of the Region that lost batches holds nothing open',
      async () => {
        const isOpen = (await viewOf(WEST)).some((line) => line.includes('pk="open#'));
        if (isOpen) await moveClock(baseload, 11 * 60_000);
        return !isOpen;
      },
      90_000,
    );
    expect(await netOf()).toEqual(expected());
    const items = await ledger();
    for (const payment of paid) {
      const types = items.filter(({ sk }) => sk.startsWith(`p#${payment}#`)).map(({ body }) => String(body['type']));
      expect(types.filter((type) => type === 'PaymentAccepted' || type === 'PaymentSettled').sort()).toEqual([
        'PaymentAccepted',
        'PaymentSettled',
      ]);
    }
  }, 180_000);

  test('its stream read once more, both views are the same byte for byte, and hold every fact', async () => {
    await order(baseload, `/api/streams/${EAST}/reread`);
    await moveClock(baseload, 61_000);
    await baseload.waitFor('what was told twice is dropped', () => isQuiet(baseload), 60_000);
    const [east, west] = [await viewOf(EAST), await viewOf(WEST)];
    expect(east).toEqual(west);
    expect(east.filter((line) => line.includes(' body="')).length).toBe((await ledger()).length);
    expect(east.filter((line) => line.includes('pk="open#'))).toEqual([]);
  }, 120_000);

  test('redriven, the lost messages change nothing, and the dead-letter queues are empty', async () => {
    const before = await booksOf(baseload);
    for (const region of [EAST, WEST]) await redrive(region);
    let unfinished: unknown;
    await baseload.waitFor(
      'every message was moved back and worked',
      async () => {
        const { queues } = await baseload.state();
        unfinished = queues.filter(({ dlq, visible, inFlight, delayed }) => dlq + visible + inFlight + delayed > 0);
        return queues.every(({ dlq }) => dlq === 0) && isQuiet(baseload);
      },
      60_000,
      () => unfinished,
    );
    expect((await queueOf(EAST, 'project-facts-failures')).visible).toBe(0);
    expect(await booksOf(baseload)).toEqual(before);
    expect(await netOf()).toEqual(expected());
  }, 120_000);
});
