import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoDerivedCopies } from '../../lambdas/adapters/dynamo/derived-copies.ts';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoFactCopies } from '../../lambdas/adapters/dynamo/fact-copies.ts';
import { DynamoScrubbing } from '../../lambdas/adapters/dynamo/scrubbing.ts';
import { DynamoViewStore } from '../../lambdas/adapters/dynamo/view-store.ts';
import { MemoryEventLog } from '../../lambdas/adapters/memory/event-log.ts';
import {
  MemoryDerivedCopies,
  MemoryLedgerCopies,
  MemoryViewCopies,
} from '../../lambdas/adapters/memory/fact-copies.ts';
import { MemoryScrubbing } from '../../lambdas/adapters/memory/scrubbing.ts';
import { MemoryViewStore } from '../../lambdas/adapters/memory/view-store.ts';
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { wrongRows } from '../../lambdas/domain/verify-account.ts';
import type { DerivedCopies } from '../../lambdas/ports/fact-copies.ts';
import { MAX_SUSPECTS, type Scrubbing } from '../../lambdas/ports/scrubbing.ts';
import type { ViewStore } from '../../lambdas/ports/view-store.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { type CopiesUnderTest, factCopiesContract } from './fact-copies.contract.ts';
import { account, billed, opened, paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

const inMemory =
  (items: (id: string) => Map<string, StoredFact> | undefined): CopiesUnderTest['overwrite'] =>
  async (fact, attributes) => {
    const held = items(fact.accountId);
    const item = held?.get(keyOf(fact));
    if (attributes === undefined || item === undefined) held?.delete(keyOf(fact));
    else held?.set(keyOf(fact), { ...item, ...attributes });
  };

const derivedContract = (given: () => { readonly derived: DerivedCopies; readonly views: ViewStore }): void => {
  const facts = (id: string): readonly Fact[] => [opened(id), paid(id, 'b', 70n), billed(id, '2026-10', 90n)];

  test('rows are what the facts make of them, and are set right while no fact comes', async () => {
    const { derived, views } = given();
    const [id, all] = [account('us_rows'), facts('us_rows')];
    await views.apply(all);
    expect(wrongRows(await derived.read(id, all), derived.replay(all))).toEqual([]);
    const fewer = derived.replay(all.slice(0, 2));
    const keys = wrongRows(await derived.read(id, all), fewer);
    expect(keys.length).toBeGreaterThan(1);
    const stale = await derived.stamp(id);
    await views.apply([paid('us_rows', 'c', 1n)]);
    expect(await derived.restore(id, stale, keys, fewer)).toBe(false);
    expect(await derived.restore(id, await derived.stamp(id), keys, fewer)).toBe(true);
    expect(wrongRows(await derived.read(id, all.slice(0, 2)), fewer)).toEqual([]);
  });

  test('rows of which there must be none go, and come back', async () => {
    const { derived, views } = given();
    const [id, all] = [account('us_none'), facts('us_none')];
    await views.apply(all);
    const keys = [...derived.replay(all).keys()];
    expect(await derived.restore(id, await derived.stamp(id), keys, new Map())).toBe(true);
    expect([...(await derived.read(id, all)).keys(), await derived.stamp(id)]).toEqual([undefined]);
    expect(await derived.restore(id, undefined, keys, derived.replay(all))).toBe(true);
    expect(wrongRows(await derived.read(id, all), derived.replay(all))).toEqual([]);
  });
};

const scrubbingContract = (given: () => Scrubbing): void => {
  test('suspects are told once each, until they are cleared', async () => {
    for (const id of ['us_b', 'us_a', 'us_b']) await given().suspect(account(id));
    expect(await given().suspects()).toEqual(['us_a', 'us_b']);
    for (const id of ['us_a', 'us_b', 'us_never']) await given().clear(account(id));
    expect(await given().suspects()).toEqual([]);
  });

  test('places of the walks are kept apart, and forgotten at the end', async () => {
    await given().moveTo('ledger', { cursor: 'abc', lastAccount: account('us_a') });
    expect([await given().place('ledger'), await given().place('views')]).toEqual([
      { cursor: 'abc', lastAccount: 'us_a' },
      {},
    ]);
    await given().moveTo('ledger', {});
    expect(await given().place('ledger')).toEqual({});
  });
};

describe('in memory', () => {
  const [log, views, scrubbing] = [new MemoryEventLog(), new MemoryViewStore(), new MemoryScrubbing()];
  describe('the ledger', () =>
    factCopiesContract(() => ({
      copies: new MemoryLedgerCopies(log),
      hold: async (facts) => {
        for (const fact of facts) await log.append(fact);
      },
      overwrite: inMemory((id) => log.accounts.get(id)),
    })));
  describe('a view', () =>
    factCopiesContract(() => ({
      copies: new MemoryViewCopies(views),
      hold: (facts) => views.apply(facts),
      overwrite: inMemory((id) => views.accounts.get(id)?.facts),
    })));
  derivedContract(() => ({ derived: new MemoryDerivedCopies(views), views }));
  scrubbingContract(() => scrubbing);
});

describe('on dynamo', () => {
  const on = onDynamo();
  const overwrite =
    (table: string): CopiesUnderTest['overwrite'] =>
    async (fact, attributes) => {
      const client = rawClient(on.engine.endpoint);
      const key = { TableName: table, Key: { pk: { S: fact.accountId }, sk: { S: keyOf(fact) } } };
      if (attributes === undefined) await client.send(new DeleteItemCommand(key));
      else
        await client.send(
          new UpdateItemCommand({
            ...key,
            UpdateExpression: 'SET body = :body, stray = :body',
            ExpressionAttributeValues: { ':body': { S: attributes.body } },
          }),
        );
      client.destroy();
    };
  const log = () => new DynamoEventLog(on.dynamo, TABLES.ledger);
  const views = () => new DynamoViewStore(on.dynamo, TABLES.views);
  describe('the ledger', () =>
    factCopiesContract(() => ({
      copies: new DynamoFactCopies(on.dynamo, TABLES.ledger, 'ledger'),
      hold: async (facts) => {
        for (const fact of facts) await log().append(fact);
      },
      overwrite: overwrite(TABLES.ledger),
    })));
  describe('a view', () =>
    factCopiesContract(() => ({
      copies: new DynamoFactCopies(on.dynamo, TABLES.views, 'view'),
      hold: (facts) => views().apply(facts),
      overwrite: overwrite(TABLES.views),
    })));
  derivedContract(() => ({ derived: new DynamoDerivedCopies(on.dynamo, TABLES.views), views: views() }));
  scrubbingContract(() => new DynamoScrubbing(on.dynamo, TABLES.regionState));

  test('more suspects than there can be are left to the walk', async () => {
    const client = rawClient(on.engine.endpoint);
    const SS = Array.from({ length: MAX_SUSPECTS }, (_, index) => `us_${index}`);
    await client.send(
      new UpdateItemCommand({
        TableName: TABLES.regionState,
        Key: { pk: { S: 'suspects' } },
        UpdateExpression: 'ADD accounts :all',
        ExpressionAttributeValues: { ':all': { SS } },
      }),
    );
    client.destroy();
    const scrubbing = new DynamoScrubbing(on.dynamo, TABLES.regionState);
    await scrubbing.suspect(account('us_onemore'));
    expect(await scrubbing.suspects()).toHaveLength(500);
  });

  test.each([
    ['ledger', 'LedgerUnavailable'],
    ['view', 'ViewUnavailable'],
  ] as const)('a refusal of the %s comes as %s', async (store, name) => {
    on.proxy.next('Query', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    const copies = new DynamoFactCopies(on.dynamo, store === 'ledger' ? TABLES.ledger : TABLES.views, store);
    await expect(copies.account(account('us_a'), 'strong')).rejects.toMatchObject({ name });
  });
});
