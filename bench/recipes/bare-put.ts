// Owns the floor: the very item that Baseload stores of a payment, put on the same condition by a bare client, and nothing else.
// Leaves out what makes it a payment: who may pay, what was sent, what is answered.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { toItem } from '../../lambdas/adapters/dynamo/fact-item.ts';
import { storeFact } from '../../lambdas/adapters/stored-fact.ts';
import { sdkClient } from '../engine/sdk-client.ts';
import { TABLES } from '../engine/tables.ts';
import { opened, paid } from '../workload/history.ts';
import { accountOf, type Recipe } from './recipe.ts';

/** Made once: what differs from payment to payment is the key. */
const TEMPLATE = toItem(storeFact(paid(opened(accountOf(0)), 0)));

export const barePut: Recipe = {
  name: '(a) bare conditional put',
  open: (endpoint) => {
    const client = sdkClient(endpoint);
    return (n) => async () => {
      const sk = `p#pay_${String(n).padStart(52, 'a')}#000`;
      await client.send(
        new PutItemCommand({
          TableName: TABLES.ledger,
          Item: { ...TEMPLATE, pk: { S: accountOf(n) }, sk: { S: sk } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    };
  },
};
