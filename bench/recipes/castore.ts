// Owns the event store of castore on its DynamoDB adapter, twice: a payment as an aggregate of its own, as Baseload has it, and an
// account as the aggregate, read before it is written to, as its documentation shows.
// Leaves out what it has no part for: idempotent answers, access, validation, logs and metrics.
import { EventStore, EventType } from '@castore/core';
import { DynamoDBSingleTableEventStorageAdapter } from '@castore/event-storage-adapter-dynamodb';
import { sdkClient } from '../engine/sdk-client.ts';
import { TABLES } from '../engine/tables.ts';
import { accountOf, amountOf, type Recipe } from './recipe.ts';

interface Account {
  readonly aggregateId: string;
  readonly version: number;
  readonly paidMinor: number;
}

interface Paid {
  readonly accountId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly method: string;
}

const paid = new EventType<'PAYMENT_ACCEPTED', Paid>({ type: 'PAYMENT_ACCEPTED' });

const openStore = (endpoint: string) =>
  new EventStore({
    eventStoreId: 'PAYMENTS',
    eventTypes: [paid],
    reducer: (account: Account, { aggregateId, version, payload }): Account => ({
      aggregateId,
      version,
      paidMinor: (account?.paidMinor ?? 0) + payload.amountMinor,
    }),
    eventStorageAdapter: new DynamoDBSingleTableEventStorageAdapter({
      tableName: TABLES.castore,
      dynamoDBClient: sdkClient(endpoint),
    }),
  });

const payloadOf = (n: number): Paid => ({
  accountId: accountOf(n),
  amountMinor: amountOf(n),
  currency: 'USD',
  method: 'card_on_file',
});

const type = 'PAYMENT_ACCEPTED' as const;

export const castorePayments: Recipe = {
  name: '(c) castore, a payment an aggregate',
  open: (endpoint) => {
    const store = openStore(endpoint);
    return (n) => async () => {
      await store.pushEvent({ aggregateId: `pay_bench-${n}`, version: 1, type, payload: payloadOf(n) });
    };
  },
};

export const castoreAccounts: Recipe = {
  name: '(c) castore, an account an aggregate',
  open: (endpoint) => {
    const store = openStore(endpoint);
    return (n) => async () => {
      const aggregateId = accountOf(n);
      const { aggregate } = await store.getAggregate(aggregateId);
      await store.pushEvent({ aggregateId, version: (aggregate?.version ?? 0) + 1, type, payload: payloadOf(n) });
    };
  },
};
