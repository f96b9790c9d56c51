// Owns the usual recipe: Powertools idempotency, kept in DynamoDB, around a transaction that writes an entry and moves the balance.
// Leaves out access, validation, logs and metrics, which Baseload's contender does.
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { sdkClient } from '../engine/sdk-client.ts';
import { TABLES } from '../engine/tables.ts';
import { accountOf, amountOf, type Recipe } from './recipe.ts';

/** What Lambda tells a function of its time: the lock on a key ends with it. */
const CONTEXT = { getRemainingTimeInMillis: () => 10_000 } as Context;

interface Request {
  readonly idempotencyKey: string;
  readonly accountId: string;
  readonly amountMinor: number;
}

export const powertools: Recipe = {
  name: '(b) Powertools idempotency, TransactWriteItems',
  open: (endpoint) => {
    const awsSdkV3Client = sdkClient(endpoint);
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TABLES.recipeIdempotency, awsSdkV3Client });
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'idempotencyKey', throwOnNoIdempotencyKey: true });
    const pay = async ({ idempotencyKey, accountId, amountMinor }: Request) => {
      const paymentId = `pay_${idempotencyKey}`;
      const acceptedAt = new Date().toISOString();
      const TableName = TABLES.recipeLedger;
      const pk = { S: accountId };
      await awsSdkV3Client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Put: {
                TableName,
                Item: {
                  pk,
                  sk: { S: `payment#${paymentId}` },
                  amountMinor: { N: String(amountMinor) },
                  currency: { S: 'USD' },
                  acceptedAt: { S: acceptedAt },
                },
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
            {
              Update: {
                TableName,
                Key: { pk, sk: { S: 'balance' } },
                UpdateExpression: 'ADD balanceMinor :amount',
                ExpressionAttributeValues: { ':amount': { N: String(-amountMinor) } },
              },
            },
          ],
        }),
      );
      return { paymentId, accountId, amountMinor, currency: 'USD', status: 'accepted', acceptedAt };
    };
    config.registerLambdaContext(CONTEXT);
    const payOnce = makeIdempotent(pay, { persistenceStore, config });
    return (n) => async () => {
      await payOnce({ idempotencyKey: `bench-${n}`, accountId: accountOf(n), amountMinor: amountOf(n) });
    };
  },
};
