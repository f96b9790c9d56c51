import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoSealLog } from '../../lambdas/adapters/dynamo/seal-log.ts';
import { DynamoSealWork } from '../../lambdas/adapters/dynamo/seal-work.ts';
import { DynamoViewLines } from '../../lambdas/adapters/dynamo/view-lines.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { MemorySealLog } from '../../lambdas/adapters/memory/seal-log.ts';
import { MemorySealWork } from '../../lambdas/adapters/memory/seal-work.ts';
import { MemoryViewStore } from '../../lambdas/adapters/memory/view-store.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { headAfter } from '../../lambdas/domain/seal.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { account, NOON_MS, paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';
import { sealOf } from './seal-facts.ts';
import { sealsContract } from './seals.contract.ts';

const clock = { nowMs: () => NOON_MS };

describe('seals in memory', () => {
  const work = new MemorySealWork();
  const stores = { seals: new MemorySealLog(), work, views: new MemoryViewStore({ work, clock }) };
  sealsContract(() => stores);

  test('a seal that was changed is named, those before it are given', async () => {
    const log = new MemorySealLog();
    const first = sealOf([paid('us_bad', 'a')]);
    const second = sealOf([paid('us_bad', 'b')], headAfter(first));
    for (const seal of [first, second]) await log.append(seal);
    const stored = log.chains.get(first.bucket)?.get(2);
    log.chains.get(first.bucket)?.set(2, { hash: '', ...stored, body: '{}' });
    const { seals, corrupt } = await log.after(first.bucket, 0, 5);
    expect(seals).toEqual([first]);
    expect(corrupt).toMatchObject({ ordinal: 2, reason: 'its checksum does not match its body' });
  });
});

describe('seals on dynamo', () => {
  const on = onDynamo();
  const open = () => {
    const lines = new DynamoViewLines(on.dynamo, TABLES.views);
    const store = new DynamoViewStore(on.dynamo, TABLES.views, { table: TABLES.sealWork, clock });
    return {
      seals: new DynamoSealLog(on.dynamo, TABLES.ledger),
      work: new DynamoSealWork(on.dynamo, TABLES.sealWork),
      views: {
        apply: (facts: Parameters<typeof store.apply>[0]) => store.apply(facts),
        fact: (...place: Parameters<typeof store.fact>) => store.fact(...place),
        sums: (...place: Parameters<typeof store.sums>) => store.sums(...place),
        lines: (places: Parameters<typeof lines.lines>[0]) => lines.lines(places),
        putLine: (fact: Parameters<typeof lines.putLine>[0]) => lines.putLine(fact),
      },
    };
  };
  const raw = async (command: GetItemCommand | PutItemCommand | DeleteItemCommand) => {
    const client = rawClient(on.engine.endpoint);
    try {
      return (await client.send(command as GetItemCommand)) as {
        Item?: Record<string, { S?: string; B?: Uint8Array }>;
      };
    } finally {
      client.destroy();
    }
  };
  sealsContract(open);

  test('a line and the row of its unsealed fact are one transaction', async () => {
    on.proxy.reset();
    await open().views.apply([paid('us_one', 'a', 5n)]);
    const [transaction] = on.proxy.seen;
    const items = transaction?.body.TransactItems as { Put?: { TableName: string } }[];
    expect(items.flatMap(({ Put }) => (Put === undefined ? [] : [Put.TableName]))).toEqual([
      TABLES.views,
      TABLES.sealWork,
    ]);
  });

  test('a large batch stays below the 100 actions of a transaction', async () => {
    on.proxy.reset();
    // Each has a line, a day's row, a row of open work and one of unsealed facts: no fact has more.
    const settled = Array.from({ length: 40 }, (_, n): Fact => {
      const { method: _method, ...fact } = paid(
        'us_big',
        `b${'abcdefghij'[Math.floor(n / 10)]}${'abcdefghij'[n % 10]}`,
        5n,
      );
      return { ...fact, type: 'PaymentSettled', ordinal: 2, postings: [] };
    });
    await open().views.apply(settled);
    const sizes = on.proxy.seen.flatMap(({ body }) => (body.TransactItems as unknown[] | undefined)?.length ?? []);
    expect(sizes).toEqual([97, 65]);
  });

  test('a seal is no fact: a scan of the ledger leaves it out', async () => {
    await open().seals.append(sealOf([paid('us_scan', 'a')]));
    const { facts } = await new DynamoEventLog(on.dynamo, TABLES.ledger).scan({ limit: 1_000 });
    expect(facts).toEqual([]);
  });

  test('a put whose answer was lost finds its ordinal taken, by itself', async () => {
    const { seals } = open();
    const seal = sealOf([paid('us_lost', 'a')]);
    on.proxy.next('PutItem', { kind: 'lost-answer' });
    expect(await seals.append(seal)).toBe('occupied');
    expect(await seals.read(seal.bucket, 1)).toEqual(seal);
  });

  test('a lost race against the other Region is told as such', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'ReplicatedWriteConflictException' }, 4);
    expect(await open().seals.append(sealOf([paid('us_race', 'a')]))).toBe('occupied');
  });

  test('a ledger that refuses is LedgerUnavailable, a table of work RegionStateUnavailable, a view ViewUnavailable', async () => {
    const refuse = { kind: 'refuse', exception: 'AccessDeniedException', message: 'no grant' } as const;
    const { seals, work, views } = open();
    on.proxy.next('PutItem', refuse);
    await expect(seals.append(sealOf([paid('us_no', 'a')]))).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'not-attempted',
    });
    on.proxy.next('Query', refuse);
    await expect(work.heads()).rejects.toMatchObject({
      name: 'RegionStateUnavailable',
      message: 'Query failed after 1 attempt(s): no grant',
    });
    on.proxy.next('BatchGetItem', refuse);
    await expect(views.lines([{ accountId: account('us_no'), key: 'a#000' as never }])).rejects.toMatchObject({
      name: 'ViewUnavailable',
    });
  });

  test.each([
    ['its text', { body: { B: Buffer.from('nonsense') } }, /its body cannot be inflated/],
    ['its hash', { sum: { S: 'x' } }, /its checksum does not match its body/],
    ['its place', { sk: { S: '0000000009' } }, /it says it is seal 1 of bucket \d+/],
  ])('a seal with %s changed is named and never believed', async (what, change, message) => {
    const { seals } = open();
    const seal = sealOf([paid(`us_changed_${what.slice(4)}`, 'a')]);
    await seals.append(seal);
    const Key = { pk: { S: `seal#${String(seal.bucket).padStart(2, '0')}` }, sk: { S: '0000000001' } };
    const { Item } = await raw(new GetItemCommand({ TableName: TABLES.ledger, Key }));
    await raw(new DeleteItemCommand({ TableName: TABLES.ledger, Key }));
    await raw(new PutItemCommand({ TableName: TABLES.ledger, Item: { ...Item, ...change } as never }));
    const { seals: sound, corrupt } = await seals.after(seal.bucket, 0, 5);
    expect(sound).toEqual([]);
    expect(corrupt).toMatchObject({ name: 'CorruptSeal', bucket: seal.bucket });
    expect(corrupt?.message).toMatch(message);
  });

  test('a damaged line is told as such', async () => {
    const { views } = open();
    const fact = paid('us_damaged', 'a', 5n);
    await views.apply([fact]);
    const Key = { pk: { S: 'us_damaged' }, sk: { S: `${fact.stream}#000` } };
    const { Item } = await raw(new GetItemCommand({ TableName: TABLES.views, Key }));
    await raw(new PutItemCommand({ TableName: TABLES.views, Item: { ...Item, body: { S: '{}' } } as never }));
    const lines = await views.lines([{ accountId: fact.accountId, key: `${fact.stream}#000` as never }]);
    expect([...lines.values()]).toEqual([{ kind: 'damaged', reason: 'its checksum does not match its body' }]);
  });
});
