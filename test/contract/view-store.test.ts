import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { MemoryViewStore } from '../../lambdas/adapters/memory/view-store.ts';
import { dumpView, viewLine } from '../engine/dump-view.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { account, billed, NOON_MS, opened, paid, payment } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';
import { viewStoreContract } from './view-store.contract.ts';

describe('view store in memory', () => {
  const view = new MemoryViewStore();
  viewStoreContract(() => ({
    view,
    rows: async (pk) => {
      const { facts = new Map(), sums = new Map() } = view.accounts.get(pk) ?? {};
      const rows = [
        ...facts.values(),
        ...[...sums].map(([sk, amounts]) => ({ pk, sk, ...Object.fromEntries(amounts) })),
      ];
      return rows.sort((a, b) => (a.sk < b.sk ? -1 : 1)).map(viewLine);
    },
  }));
});

describe('view store on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoViewStore(on.dynamo, TABLES.views);
  const operations = () => on.proxy.seen.map(({ operation }) => operation);

  viewStoreContract(() => ({
    view: open(),
    rows: async (pk) => (await dumpView(on.engine.endpoint)).filter((line) => line.includes(`pk="${pk}"`)),
  }));

  test('a batch of an account is one transaction', async () => {
    await open().apply([opened('us_batch'), billed('us_batch', '2026-10', 10n), paid('us_batch', 'a', 5n)]);
    // The second removes the row of open work should it have come to nothing, which a new payment's has not.
    expect(operations()).toEqual(['TransactWriteItems', 'DeleteItem']);
    expect(on.proxy.seen[0]?.body.TransactItems).toHaveLength(6);
  });

  test('what was applied before is dropped, the rest applied', async () => {
    await open().apply([opened('us_rest')]);
    on.proxy.reset();
    await open().apply([opened('us_rest'), paid('us_rest', 'a', 5n)]);
    expect(operations()).toEqual(['TransactWriteItems', 'TransactWriteItems', 'DeleteItem']);
    expect(await open().sums(account('us_rest'))).toMatchObject({ paidMinor: 5n, factCount: 2 });
  });

  test('a transaction whose answer was lost is applied once', async () => {
    on.proxy.next('TransactWriteItems', { kind: 'lost-answer' });
    await open().apply([paid('us_lost', 'a', 5n)]);
    expect(await open().sums(account('us_lost'))).toMatchObject({ paidMinor: 5n, factCount: 1 });
  });

  test('a conflict with another transaction is tried again', async () => {
    const reasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }];
    on.proxy.next(
      'TransactWriteItems',
      { kind: 'refuse', exception: 'TransactionCanceledException', fields: { CancellationReasons: reasons } },
      2,
    );
    await open().apply([paid('us_conflict', 'a', 5n)]);
    expect(operations()).toEqual(['TransactWriteItems', 'TransactWriteItems', 'TransactWriteItems', 'DeleteItem']);
    expect(await open().sums(account('us_conflict'))).toMatchObject({ paidMinor: 5n, factCount: 1 });
  });

  test('ten conflicts in a row are ViewUnavailable', async () => {
    const reasons = [{ Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }];
    on.proxy.next(
      'TransactWriteItems',
      { kind: 'refuse', exception: 'TransactionCanceledException', fields: { CancellationReasons: reasons } },
      10,
    );
    await expect(open().apply([paid('us_conflict', 'b', 5n)])).rejects.toMatchObject({
      name: 'ViewUnavailable',
      message: 'account us_conflict was being changed by others 10 times: apply the facts again',
    });
    expect(operations()).toHaveLength(10);
  }, 15_000);

  test('a refusal is ViewUnavailable; facts of other accounts are applied all the same', async () => {
    on.proxy.next('TransactWriteItems', { kind: 'refuse', exception: 'AccessDeniedException', message: 'no grant' });
    const facts = Array.from({ length: 20 }, (_, n) => paid(`us_half${n}`, 'a', 5n));
    await expect(open().apply(facts)).rejects.toMatchObject({
      name: 'ViewUnavailable',
      message: 'TransactWriteItems failed after 1 attempt(s): no grant',
    });
    const applied = await Promise.all(facts.map(({ accountId }) => open().sums(accountId)));
    expect(applied.filter((sums) => sums !== undefined)).toHaveLength(19);
    await open().apply(facts);
    const all = await Promise.all(facts.map(({ accountId }) => open().sums(accountId)));
    expect(all.every((sums) => sums?.paidMinor === 5n)).toBe(true);
  });

  test('a row that was tampered with is named and never served', async () => {
    await open().apply([paid('us_bad', 'a', 12_345n, NOON_MS)]);
    const client = rawClient(on.engine.endpoint);
    const Key = { pk: { S: 'us_bad' }, sk: { S: `p#${payment('a')}#000` } };
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLES.views, Key }));
    const body = { S: String(Item?.body?.S).replace('12345', '1') };
    await client.send(new PutItemCommand({ TableName: TABLES.views, Item: { ...Item, body } }));
    client.destroy();
    const view = open();
    const id = account('us_bad');
    for (const read of [
      () => view.fact(id, `p#${payment('a')}#000` as never),
      () => view.stream(id, `p#${payment('a')}` as never),
      () => view.timeline(id, { fromMs: 0, toMs: NOON_MS * 2, limit: 5 }),
      () => view.balanceBefore(id, NOON_MS + 1),
    ]) {
      await expect(read()).rejects.toThrow(/^fact p#pay_a{52}#000 of account us_bad is corrupt: .*checksum/);
    }
  });

  test('every read is strong', async () => {
    const view = open();
    const id = account('us_batch');
    await view.sums(id);
    await view.stream(id, 'a' as never);
    await view.bills(id, { limit: 1 });
    await view.timeline(id, { fromMs: 0, toMs: 1, limit: 1 });
    await view.balanceBefore(id, NOON_MS);
    expect(on.proxy.seen.length).toBeGreaterThanOrEqual(6);
    expect(on.proxy.seen.every(({ body }) => body.ConsistentRead === true)).toBe(true);
  });
});
