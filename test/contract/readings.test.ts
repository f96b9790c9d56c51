import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoReadings } from '../../lambdas/adapters/dynamo/readings.ts';
import { MemoryReadings } from '../../lambdas/adapters/memory/readings.ts';
import type { IsoDate } from '../../lambdas/domain/ids.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { onDynamo } from './on-dynamo.ts';
import { delivered, readingsContract } from './readings.contract.ts';

const DAY = '2026-10-01' as IsoDate;

describe('readings in memory', () => {
  const memory = new MemoryReadings();
  readingsContract(() => memory);
});

describe('readings on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoReadings(on.dynamo, TABLES.readings);
  readingsContract(open);

  test('a day whose digest does not hold is named and not served', async () => {
    const client = rawClient(on.engine.endpoint);
    const Item = {
      pk: { S: 'meter#bent' },
      sk: { S: '2026-10-01#3#digest' },
      register: { S: 'total' },
      flow: { S: 'import' },
      receivedMs: { N: '1' },
      runs: { S: '[]' },
    };
    await client.send(new PutItemCommand({ TableName: TABLES.readings, Item }));
    client.destroy();
    await expect(open().days('bent', DAY, DAY)).rejects.toThrow(
      'reading 2026-10-01#3#digest of meter bent is corrupt: its digest does not hold',
    );
  });

  test('a refusal comes as ReadingsUnavailable', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(open().store([delivered({ meterId: 'denied', wh: ['1'] })])).rejects.toMatchObject({
      name: 'ReadingsUnavailable',
      message: 'PutItem failed after 1 attempt(s): not yours',
    });
  });
});
