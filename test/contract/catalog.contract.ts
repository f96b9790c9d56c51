// Owns what a store of tariffs and meters must do.
import { expect, test } from '@jest/globals';
import type { AccountId, IsoDate } from '../../lambdas/domain/ids.ts';
import type { Catalog } from '../../lambdas/ports/catalog.ts';

const account = (name: string) => `us_${name}` as AccountId;
const day = (date: string) => date as IsoDate;

export const catalogContract = (open: () => Catalog): void => {
  test('a tariff nobody has put has no versions; those put come oldest start first, one a start', async () => {
    const catalog = open();
    expect(await catalog.tariffVersions('none')).toEqual([]);
    await catalog.putTariff({ tariffId: 't', startDate: day('2017-01-01'), rate: '{"v":1}' });
    await catalog.putTariff({ tariffId: 't', startDate: undefined, rate: '{"v":0}' });
    await catalog.putTariff({ tariffId: 't', startDate: day('2017-01-01'), rate: '{"v":2}' });
    await catalog.putTariff({ tariffId: 't2', startDate: undefined, rate: '{}' });
    expect(await catalog.tariffVersions('t')).toEqual([
      { tariffId: 't', startDate: undefined, rate: '{"v":0}' },
      { tariffId: 't', startDate: '2017-01-01', rate: '{"v":2}' },
    ]);
  });

  test('a meter joins one account, once, and gets tariffs by day', async () => {
    const catalog = open();
    expect(await catalog.meters(account('a'))).toEqual([]);
    expect(await catalog.joinMeter(account('a'), 'm1')).toBe('written');
    expect(await catalog.joinMeter(account('a'), 'm1')).toBe('written');
    expect(await catalog.joinMeter(account('b'), 'm1')).toBe('taken');
    expect(await catalog.assignTariff(account('b'), 'm1', { from: day('2016-01-01'), tariffId: 't' })).toBe('taken');
    await catalog.assignTariff(account('a'), 'm1', { from: day('2017-01-01'), tariffId: 't2' });
    await catalog.assignTariff(account('a'), 'm1', { from: day('2016-01-01'), tariffId: 't' });
    await catalog.assignTariff(account('a'), 'm1', { from: day('2017-01-01'), tariffId: 't3' });
    await catalog.assignTariff(account('a'), 'm-0', { from: day('2016-01-01'), tariffId: 't' });
    expect(await catalog.meters(account('a'))).toEqual([
      { meterId: 'm-0', tariffs: [{ from: '2016-01-01', tariffId: 't' }] },
      {
        meterId: 'm1',
        tariffs: [
          { from: '2016-01-01', tariffId: 't' },
          { from: '2017-01-01', tariffId: 't3' },
        ],
      },
    ]);
    expect(await catalog.meters(account('b'))).toEqual([]);
  });

  test('an account has at most 50 meters', async () => {
    const catalog = open();
    for (let n = 0; n < 50; n++) expect(await catalog.joinMeter(account('many'), `many${n}`)).toBe('written');
    expect(await catalog.joinMeter(account('many'), 'many50')).toBe('full');
    expect(await catalog.joinMeter(account('many'), 'many49')).toBe('written');
    expect(await catalog.joinMeter(account('other'), 'many50')).toBe('written');
  });

  test('every account with a meter is found, page by page', async () => {
    const catalog = open();
    const names = Array.from({ length: 12 }, (_, n) => account(`page${n}`));
    for (const [n, accountId] of names.entries()) await catalog.joinMeter(accountId, `page-meter${n}`);
    const found = new Set<string>();
    let next: { cursor?: string } | undefined = {};
    for (let pages = 0; next !== undefined; pages++) {
      expect(pages).toBeLessThan(200);
      const { accountIds, cursor } = await catalog.accountsWithMeters({ limit: 5, ...next });
      for (const accountId of accountIds) found.add(accountId);
      next = cursor === undefined ? undefined : { cursor };
    }
    expect([...found].filter((id) => id.startsWith('us_page')).sort()).toEqual([...names].sort());
  });
};
