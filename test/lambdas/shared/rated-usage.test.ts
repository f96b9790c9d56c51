// Owns the proof that every reading that touches a period is found for it, and counted once, whatever clock it was delivered by.
// Leaves to test/domain/rating what the usage comes to.
import { expect, test } from '@jest/globals';
import { MemoryCatalog } from '../../../lambdas/adapters/memory/catalog.ts';
import { MemoryReadings } from '../../../lambdas/adapters/memory/readings.ts';
import type { AccountOpened } from '../../../lambdas/domain/facts.ts';
import type { AccountId, IsoDate, Period } from '../../../lambdas/domain/ids.ts';
import type { Quality } from '../../../lambdas/domain/readings/interval.ts';
import { registerDay } from '../../../lambdas/domain/readings/meter-day.ts';
import { parseEspi } from '../../../lambdas/readings/espi/parse-espi.ts';
import { rateUsage } from '../../../lambdas/shared/rated-usage.ts';
import { rateObject } from '../../domain/rating/rating-fixture.ts';
import { fixture } from '../readings/files.ts';

const A = 'us_a' as AccountId;
const HOUR_MS = 3_600_000;

/** A meter at 0.10 a kWh since 2000. */
const begin = async (meterId = 'm') => {
  const catalog = new MemoryCatalog();
  const readings = new MemoryReadings();
  await catalog.putTariff({ tariffId: 't', startDate: undefined, rate: JSON.stringify(rateObject()) });
  await catalog.assignTariff(A, meterId, { from: '2000-01-01' as IsoDate, tariffId: 't' });
  const rated = (period: string, timeZone: string) =>
    rateUsage(
      { catalog, readings },
      { accountId: A, currency: 'USD', timeZone } as unknown as AccountOpened,
      period as Period,
    );
  /** `start` as its delivering clock has it, whose date is its first ten characters. */
  const put = (start: string, hours: number, wh: number, receivedMs = 1, quality: Quality = 'actual') =>
    readings.store([
      registerDay({
        meterId,
        date: start.slice(0, 10) as IsoDate,
        intervals: [{ startMs: Date.parse(start), durationSeconds: hours * 3_600, wh: String(wh), quality }],
        receivedMs,
      }),
    ]);
  return { rated, put, readings };
};

/** 23:00 of so many days after 30 August, ten hours behind UTC. */
const hawaii = (day: number): string =>
  `${new Date(Date.UTC(2016, 7, 30 + day)).toISOString().slice(0, 10)}T23:00:00-10:00`;

test('a day of a clock 20 hours behind the account, kept under a date two days before the month: its 19 hours count', async () => {
  const { rated, put } = await begin();
  // 19:00 on 31 August in Brisbane: 5 hours before September, 19 in it.
  await put('2016-08-30T23:00:00-10:00', 24, 24_000);
  for (let day = 1; day <= 29; day += 1) await put(hawaii(day), 24, 0);
  await put(hawaii(30), 5, 0);
  const september = await rated('2016-09', 'Australia/Brisbane');
  expect([september.usageWh, september.quality]).toEqual([19_000n, 'actual']);
});

test('the longest reading, of 25 hours, that ends an hour into the month, by the clock farthest behind: its hour counts', async () => {
  const { rated, put } = await begin();
  // Kiritimati is 14 hours ahead of UTC, the delivering clock 12 behind: under 29 August.
  await put('2016-08-29T22:00:00-12:00', 25, 25_000);
  const september = await rated('2016-09', 'Pacific/Kiritimati');
  expect([september.usageWh, september.quality]).toEqual([720_000n, 'estimated']);
});

test('the last hour of the month by the clock farthest ahead, under the second day of the next: it counts', async () => {
  const { rated, put } = await begin();
  await put('2016-10-02T01:00:00+14:00', 1, 5_000);
  const september = await rated('2016-09', 'Etc/GMT+12');
  expect([september.usageWh, september.lines.length]).toEqual([5_000n, 1]);
});

test('a correction by another clock replaces the reading it corrects: 7 kWh, not 5, and not 12', async () => {
  const { rated, put } = await begin();
  await put('2016-09-02T00:00:00+10:00', 24, 5_000, 1);
  await put('2016-09-01T14:00:00Z', 24, 7_000, 2);
  for (let day = 3; day <= 30; day += 1) await put(`2016-09-${String(day).padStart(2, '0')}T00:00:00+10:00`, 24, 0);
  expect(await rated('2016-09', 'Australia/Brisbane')).toMatchObject({ usageWh: 7_000n, quality: 'actual' });
});

test('October 2019 of San Diego, local hours written as UTC: taken as the instants they say, never shifted by a guess', async () => {
  const { intervals } = parseEspi(fixture('green-button/october_2019_hourly.xml'));
  const usageIn = async (timeZone: string, period: string) => {
    const { rated, readings } = await begin('01');
    await readings.store(
      intervals.map(({ meterId, date, startMs, durationSeconds, wh, quality }) =>
        registerDay({
          meterId,
          date,
          receivedMs: 1,
          intervals: [{ startMs, durationSeconds, wh, quality }],
        }),
      ),
    );
    return rated(period, timeZone);
  };
  expect(intervals[0]?.startMs).toBe(Date.parse('2019-10-01T00:00:00Z'));
  expect((intervals.at(-1)?.startMs ?? 0) + HOUR_MS).toBe(Date.parse('2019-10-24T00:00:00Z'));
  // By the feed's own clock the month begins with its first reading; by the home's, its first 7 hours are of September.
  expect(await usageIn('Etc/UTC', '2019-09')).toMatchObject({ usageWh: 0n, quality: 'missing' });
  expect(await usageIn('America/Los_Angeles', '2019-09')).toMatchObject({ usageWh: 1_820n, quality: 'actual' });
});
