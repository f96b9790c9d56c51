import { describe, expect, test } from '@jest/globals';
import { DynamoProfiles } from '../../lambdas/adapters/dynamo/profiles.ts';
import { MemoryProfiles } from '../../lambdas/adapters/memory/profiles.ts';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import { TABLES } from '../engine/tables.ts';
import { onDynamo } from './on-dynamo.ts';
import { profilesContract } from './profiles.contract.ts';

describe('profiles in memory', () => {
  const memory = new MemoryProfiles();
  profilesContract(() => memory);
});

describe('profiles on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoProfiles(on.dynamo, TABLES.profiles);
  profilesContract(open);

  test('a put whose answer was lost is tried again and gives the profile', async () => {
    on.proxy.next('PutItem', { kind: 'lost-answer' });
    const profile = { accountId: 'us_lost' as AccountId, name: 'Grace' };
    expect(await open().putIfAbsent(profile)).toEqual(profile);
    expect(on.proxy.seen.map(({ operation }) => operation)).toEqual(['PutItem', 'PutItem']);
  });

  test('a refusal comes as ProfilesUnavailable', async () => {
    on.proxy.next('GetItem', { kind: 'refuse', exception: 'AccessDeniedException', message: 'not yours' });
    await expect(open().get('us_first' as AccountId)).rejects.toMatchObject({
      name: 'ProfilesUnavailable',
      message: 'GetItem failed after 1 attempt(s): not yours',
    });
  });
});
