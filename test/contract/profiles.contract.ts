// Owns what a store of profiles must do.
import { expect, test } from '@jest/globals';
import type { AccountId } from '../../lambdas/domain/ids.ts';
import type { Profiles } from '../../lambdas/ports/profiles.ts';

export const profilesContract = (open: () => Profiles): void => {
  test('an account without a profile has none', async () => {
    expect(await open().get('us_nobody' as AccountId)).toBeUndefined();
  });

  test('a profile is put once; later ones get the first back', async () => {
    const profiles = open();
    const first = { accountId: 'us_first' as AccountId, name: 'Ada Łovelace, 2nd floor #3' };
    expect(await profiles.putIfAbsent(first)).toEqual({ accountId: 'us_first', name: 'Ada Łovelace, 2nd floor #3' });
    expect(await profiles.putIfAbsent({ ...first, name: 'Someone else' })).toEqual({
      accountId: 'us_first',
      name: 'Ada Łovelace, 2nd floor #3',
    });
    expect(await profiles.get('us_first' as AccountId)).toEqual({
      accountId: 'us_first',
      name: 'Ada Łovelace, 2nd floor #3',
    });
  });

  test('an address is set, replaced and erased; the name stays', async () => {
    const profiles = open();
    const accountId = 'us_mail' as AccountId;
    await profiles.putIfAbsent({ accountId, name: 'Ada' });
    await profiles.setEmail(accountId, 'ada@example.com');
    await profiles.setEmail(accountId, 'ada@example.org');
    expect(await profiles.get(accountId)).toEqual({ accountId, name: 'Ada', email: 'ada@example.org' });
    await profiles.setEmail(accountId, null);
    await profiles.setEmail(accountId, null);
    expect(await profiles.get(accountId)).toEqual({ accountId, name: 'Ada' });
  });

  test('an address makes no profile', async () => {
    const profiles = open();
    await expect(profiles.setEmail('us_later' as AccountId, 'a@example.com')).rejects.toMatchObject({
      name: 'ProfilesUnavailable',
      message: 'this Region holds no such profile yet',
    });
    expect(await profiles.get('us_later' as AccountId)).toBeUndefined();
  });

  test('of ten put at once, all get the same one', async () => {
    const profiles = open();
    const accountId = 'us_race' as AccountId;
    const names = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => (await profiles.putIfAbsent({ accountId, name: `name ${n}` })).name),
    );
    expect(new Set(names).size).toBe(1);
  });
};
