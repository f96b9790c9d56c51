import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoOpenWork } from '../../lambdas/adapters/dynamo/open-work.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { MemoryViewStore } from '../../lambdas/adapters/memory/view-store.ts';
import { openWorkRow } from '../../lambdas/adapters/view-rows.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { OPEN_WORK_SHARDS, type OpenStream, type OpenWorkIndex } from '../../lambdas/ports/open-work.ts';
import type { ViewStore } from '../../lambdas/ports/view-store.ts';
import { dumpView } from '../engine/dump-view.ts';
import { CREDENTIALS, REGION, TABLES } from '../engine/tables.ts';
import { paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

/** A decline of `payment`: what was to be collected no longer is. */
const declined = (payment: Fact): Fact =>
  ({
    ...payment,
    type: 'PaymentDeclined',
    ordinal: 2,
    undoneMinor: 5n,
    reason: 'method-refused',
    postings: payment.postings.map((posting) => ({ ...posting, amountMinor: -posting.amountMinor })),
  }) as unknown as Fact;

const started = (payment: Fact): Fact =>
  ({
    ...payment,
    type: 'ChargeStarted',
    ordinal: 1,
    processor: 'local',
    reference: 'ch_1',
    postings: [],
  }) as unknown as Fact;

const all = async (index: OpenWorkIndex): Promise<readonly OpenStream[]> => {
  const found: OpenStream[] = [];
  for (let shard = 0; shard < OPEN_WORK_SHARDS; shard++) {
    let next: { cursor?: string } | undefined = {};
    while (next !== undefined) {
      const page: Awaited<ReturnType<OpenWorkIndex['open']>> = await index.open(shard, { limit: 2, ...next });
      found.push(...page.streams);
      next = page.cursor === undefined ? undefined : { cursor: page.cursor };
    }
  }
  return found;
};

const contract = (open: () => { readonly view: ViewStore; readonly index: OpenWorkIndex }): void => {
  const ofAccount = async (accountId: string) =>
    (await all(open().index)).filter((stream) => stream.accountId === accountId).map(({ stream }) => stream);

  test('an accepted payment is open until its outcome, in whatever order and however often they come', async () => {
    const { view } = open();
    const accounts = ['us_open1', 'us_open2', 'us_open3'];
    for (const [index, accountId] of accounts.entries()) {
      const payment = paid(accountId, 'a', 5n);
      const facts = [payment, started(payment), declined(payment)];
      await view.apply([payment]);
      expect(await ofAccount(accountId)).toEqual([payment.stream]);
      for (let step = 0; step < 6; step++) await view.apply([facts[(index + step * 2) % 3] as Fact]);
      expect(await ofAccount(accountId)).toEqual([]);
    }
  });

  test('an outcome that comes before its payment, and all in one batch', async () => {
    const { view } = open();
    const payment = paid('us_open4', 'a', 5n);
    await view.apply([declined(payment)]);
    await view.apply([started(payment)]);
    await view.apply([payment]);
    const other = paid('us_open4', 'b', 5n);
    await view.apply([declined(other), other, started(other)]);
    expect(await ofAccount('us_open4')).toEqual([]);
  });

  test('every open payment is found, a page at a time', async () => {
    const { view } = open();
    const payments = Array.from('cdefghijklmnopqrstuvwxyz', (letter) => paid('us_open5', letter, 5n));
    await view.apply(payments);
    expect([...(await ofAccount('us_open5'))].sort()).toEqual(payments.map(({ stream }) => stream).sort());
  });
};

describe('open work in memory', () => {
  const memory = new MemoryViewStore();
  contract(() => ({ view: memory, index: memory }));
});

describe('open work on dynamo', () => {
  const on = onDynamo();
  const open = () => ({
    view: new DynamoViewStore(on.dynamo, TABLES.views),
    index: new DynamoOpenWork(on.dynamo, TABLES.views),
  });
  contract(open);

  test('a closed payment leaves no row', async () => {
    const payment = paid('us_closed', 'a', 5n);
    await open().view.apply([payment, started(payment)]);
    const rows = async () => (await dumpView(on.engine.endpoint)).filter((line) => line.includes('sk="us_closed|'));
    expect(await rows()).toEqual([
      expect.stringMatching(/^charges=1 pendingMinor=5 pk="open#\d\d" refundsMinor=0 sk="us_closed\|p#pay_a{52}"$/),
    ]);
    await open().view.apply([declined(payment)]);
    expect(await rows()).toEqual([]);

    // What an applier leaves that dies between the transaction and the removal; the stream delivers its batch again.
    const { pk, sk } = openWorkRow('us_closed', payment.stream);
    const nothing = { charges: { N: '0' }, pendingMinor: { N: '0' }, refundsMinor: { N: '0' } };
    const Item = { pk: { S: pk }, sk: { S: sk }, ...nothing };
    const client = new DynamoDBClient({ endpoint: on.engine.endpoint, region: REGION, credentials: CREDENTIALS });
    await client.send(new PutItemCommand({ TableName: TABLES.views, Item }));
    client.destroy();
    expect(await rows()).toHaveLength(1);
    await open().view.apply([declined(payment)]);
    expect(await rows()).toEqual([]);
  });
});
