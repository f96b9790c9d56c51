import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoHeartbeats } from '../../lambdas/adapters/dynamo/heartbeats.ts';
import { MemoryHeartbeats } from '../../lambdas/adapters/memory/heartbeats.ts';
import { systemClock } from '../../lambdas/adapters/system-clock.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

test('a heartbeat in memory is written, with no skew', async () => {
  const heartbeats = new MemoryHeartbeats();
  expect(await heartbeats.beat(7, 1000)).toEqual({ kind: 'written', clockSkewMs: 0 });
  expect(heartbeats.written).toEqual(new Map([[7, 1000]]));
});

describe('heartbeats on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoHeartbeats(on.dynamo, TABLES.ledger, 'us-east-1', systemClock);

  test('a beat overwrites its key outside of the fact namespace, and reads it back strongly', async () => {
    await open().beat(7, 1_790_000_000_000);
    await open().beat(7, 1_790_000_002_000);
    const client = rawClient(on.engine.endpoint);
    const Key = { pk: { S: 'hb#us-east-1#07' }, sk: { S: 'hb' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLES.ledger, Key }));
    client.destroy();
    expect(Item).toEqual({ pk: { S: 'hb#us-east-1#07' }, sk: { S: 'hb' }, at: { N: '1790000002000' } });
    expect(on.proxy.seen.map(({ operation, body }) => [operation, body.ConsistentRead])).toEqual([
      ['PutItem', undefined],
      ['GetItem', true],
      ['PutItem', undefined],
      ['GetItem', true],
    ]);
  });

  test('beats are no facts: a scan of the ledger leaves them out', async () => {
    await open().beat(6, 1);
    const log = new DynamoEventLog(on.dynamo, TABLES.ledger);
    await log.append(paid('us_scanned', 'a', 5n));
    const { facts } = await log.scan({ limit: 1000 });
    expect(facts).toEqual([paid('us_scanned', 'a', 5n)]);
  });

  test('the skew of the clock comes from the Date of the answer, to within a second', async () => {
    const { clockSkewMs } = await open().beat(0, 1);
    expect(Math.abs(clockSkewMs ?? Number.NaN)).toBeLessThan(1000);
  });

  test('a store whose clock is a minute ahead shows', async () => {
    const frozen = { nowMs: () => Date.parse('2026-11-01T12:00:00.500Z') };
    on.proxy.next('GetItem', { kind: 'date', date: 'Sun, 01 Nov 2026 12:01:00 GMT' });
    const heartbeats = new DynamoHeartbeats(on.dynamo, TABLES.ledger, 'us-east-1', frozen);
    expect(await heartbeats.beat(1, 1)).toEqual({ kind: 'written', clockSkewMs: 60_000 });
  });

  test('a throttled beat says so, and is no failure', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'ThrottlingException' }, 4);
    expect(await open().beat(2, 1)).toEqual({ kind: 'throttled' });
  });

  test('a refused beat is a failure', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'no grant' });
    await expect(open().beat(3, 1)).rejects.toMatchObject({ name: 'LedgerUnavailable', reason: 'refused' });
  });

  test('a silent store fails the beat before a health checker gives up', async () => {
    on.proxy.next('PutItem', { kind: 'silent', carriedOut: false }, 4);
    await expect(open().beat(4, 1)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      reason: 'timeout',
      message: 'PutItem failed after 1 attempt(s): no answer within 1500 ms',
    });
  });

  test('a beat that reads back older than it was written is a failure: the read was not strong', async () => {
    await open().beat(5, 100);
    on.proxy.next('PutItem', { kind: 'pretend' });
    await expect(open().beat(5, 200)).rejects.toThrow('heartbeat 5 reads back 100, wrote 200');
  });
});
