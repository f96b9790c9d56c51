import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { MemoryEventLog } from '../../lambdas/adapters/memory/event-log.ts';
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { eventLogContract } from './event-log.contract.ts';
import { account, paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

describe('event log in memory', () => {
  const log = new MemoryEventLog();
  eventLogContract(() => ({
    log,
    stored: async (pk, sk) => log.accounts.get(pk)?.get(sk) as StoredFact,
    overwrite: async (item) => {
      const facts = log.accounts.get(item.pk) ?? new Map<string, StoredFact>();
      log.accounts.set(item.pk, facts.set(item.sk, item as StoredFact));
    },
  }));
});

describe('event log on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoEventLog(on.dynamo, TABLES.ledger);

  /** What a test does behind the adapter's back. */
  const raw = async <T>(work: (client: ReturnType<typeof rawClient>) => Promise<T>): Promise<T> => {
    const client = rawClient(on.engine.endpoint);
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  };
  const stored = (pk: string, sk: string) =>
    raw(async (client) => {
      const Key = { pk: { S: pk }, sk: { S: sk } };
      const { Item } = await client.send(new GetItemCommand({ TableName: TABLES.ledger, Key }));
      return { pk, sk, v: Number(Item?.v?.N), body: Item?.body?.S ?? '', sum: Item?.sum?.S ?? '' };
    });

  eventLogContract(() => ({
    log: open(),
    stored,
    overwrite: ({ pk, sk, v, body, sum }) =>
      raw(async (client) => {
        const Item = {
          pk: { S: pk },
          sk: { S: sk },
          v: { N: String(v) },
          ...(body === undefined ? {} : { body: { S: body } }),
          ...(sum === undefined ? {} : { sum: { S: sum } }),
        };
        await client.send(new PutItemCommand({ TableName: TABLES.ledger, Item }));
      }),
  }));

  describe('costs', () => {
    test('a payment is one request of one write unit', async () => {
      await open().append(paid('us_cost', 'a', 1_000_000_000_000n));
      expect(on.proxy.seen).toMatchObject([{ operation: 'PutItem', consumedUnits: 1 }]);
    });

    test('a lost race is one request too: the refusal brings the fact', async () => {
      await open().append(paid('us_cost', 'b'));
      on.proxy.reset();
      expect(await open().append(paid('us_cost', 'b', 1n))).toMatchObject({ kind: 'occupied' });
      expect(on.proxy.seen.map(({ operation }) => operation)).toEqual(['PutItem']);
    });

    test('every read is strong', async () => {
      const log = open();
      await log.readFact(account('us_cost'), 'a#000' as never);
      await log.readStream(account('us_cost'), 'a' as never);
      await log.readAccount(account('us_cost'), { limit: 1 });
      await log.scan({ limit: 1 });
      expect(on.proxy.seen.map(({ operation, body }) => [operation, body.ConsistentRead])).toEqual([
        ['GetItem', true],
        ['Query', true],
        ['Query', true],
        ['Scan', true],
      ]);
    });
  });
});
