import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoRedrives } from '../../lambdas/adapters/dynamo/redrives.ts';
import { rawClient, TABLES } from '../engine/tables.ts';
import { onDynamo } from './on-dynamo.ts';

describe('redrives on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoRedrives(on.dynamo, TABLES.regionState);
  beforeEach(async () => {
    const client = rawClient(on.engine.endpoint);
    const Key = { pk: { S: 'redrive#settlements' } };
    await client.send(new DeleteItemCommand({ TableName: TABLES.regionState, Key }));
    client.destroy();
  });

  test('the first claim is granted, and remembered for its queue alone', async () => {
    expect(await open().last('settlements')).toBeUndefined();
    expect(await open().claim('settlements', 1_000, 0)).toBe(true);
    expect(await open().last('settlements')).toEqual({ startedAtMs: 1_000, seenAtMs: 1_000, isLeftToPeople: false });
    expect(await open().last('notices')).toBeUndefined();
  });

  test('another is granted only when nothing of it was seen since, at the very moment neither', async () => {
    await open().claim('settlements', 1_000, 0);
    expect(await open().claim('settlements', 5_000, 1_000)).toBe(false);
    expect(await open().last('settlements')).toMatchObject({ startedAtMs: 1_000 });
    await open().noteCameBack('settlements', 2_000);
    expect(await open().last('settlements')).toEqual({ startedAtMs: 1_000, seenAtMs: 2_000, isLeftToPeople: true });
    expect(await open().claim('settlements', 5_000, 2_000)).toBe(false);
    expect(await open().claim('settlements', 5_000, 2_001)).toBe(true);
    expect(await open().last('settlements')).toEqual({ startedAtMs: 5_000, seenAtMs: 5_000, isLeftToPeople: false });
  });

  test('of many claims at once one is granted', async () => {
    const claims = await Promise.all(Array.from({ length: 8 }, (_, at) => open().claim('settlements', at + 1, 0)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('letters cannot come back from a redrive that was not', async () => {
    await expect(open().noteCameBack('settlements', 1)).rejects.toMatchObject({ name: 'RegionStateUnavailable' });
  });

  test('a refusal comes as RegionStateUnavailable', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(open().claim('settlements', 1, 0)).rejects.toMatchObject({
      name: 'RegionStateUnavailable',
      message: 'PutItem failed after 1 attempt(s): not yours',
    });
  });
});
