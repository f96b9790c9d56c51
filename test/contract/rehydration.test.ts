import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { MemoryRehydrations } from '../../lambdas/adapters/memory/rehydration.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { onDynamo } from './on-dynamo.ts';
import { rehydrationsContract } from './rehydration.contract.ts';

describe('rehydrations in memory', () => {
  rehydrationsContract(async () => new MemoryRehydrations());
});

describe('rehydrations on dynamo', () => {
  const on = onDynamo();
  const open = async () => {
    const client = rawClient(on.engine.endpoint);
    await client.send(new DeleteItemCommand({ TableName: TABLES.regionState, Key: { pk: { S: 'rehydration' } } }));
    client.destroy();
    return new DynamoRehydrations(on.dynamo, TABLES.regionState);
  };
  rehydrationsContract(open);

  test('a refusal comes as RegionStateUnavailable', async () => {
    const rows = await open();
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(rows.begin('asked', 1, 'done')).rejects.toMatchObject({
      name: 'RegionStateUnavailable',
      message: 'PutItem failed after 1 attempt(s): not yours',
    });
  });
});
