// Owns what a store of readings must do.
import { expect, test } from '@jest/globals';
import type { IsoDate } from '../../lambdas/domain/ids.ts';
import type { Quality } from '../../lambdas/domain/readings/interval.ts';
import { type RegisterDay, registerDay } from '../../lambdas/domain/readings/meter-day.ts';
import type { Batches, Readings } from '../../lambdas/ports/readings.ts';
import { shuffled } from './shuffled.ts';

const DAY = '2026-10-01' as IsoDate;

interface Delivered {
  readonly meterId: string;
  readonly date?: string;
  readonly wh: readonly string[];
  readonly quality?: Quality;
  readonly receivedMs?: number;
  readonly register?: string;
  readonly flow?: 'import' | 'export';
}

/** Hours from midnight on. */
export const delivered = ({
  meterId,
  date = DAY,
  wh,
  quality = 'actual',
  receivedMs = 1,
  ...more
}: Delivered): RegisterDay =>
  registerDay({
    meterId,
    date: date as IsoDate,
    receivedMs,
    ...more,
    intervals: wh.map((energy, hour) => ({
      startMs: Date.parse(`${date}T00:00:00Z`) + hour * 3_600_000,
      durationSeconds: 3600,
      wh: energy,
      quality,
    })),
  });

export const readingsContract = (open: () => Readings & Batches): void => {
  const hours = async (meterId: string, from = DAY, to = DAY) =>
    (await open().days(meterId, from, to)).map(({ date, rank, intervals }) => [
      date,
      rank,
      intervals.map(({ wh }) => wh),
    ]);

  test('a meter nobody read has no days', async () => {
    expect(await hours('nobody')).toEqual([]);
  });

  test('days come back as they were delivered, in the order of dates, of that meter and range only', async () => {
    await open().store([
      delivered({ meterId: 'range', date: '2026-10-03', wh: ['3'] }),
      delivered({ meterId: 'range', date: '2026-10-01', wh: ['1', '0.5'] }),
      delivered({ meterId: 'range', date: '2026-10-04', wh: ['4'] }),
      delivered({ meterId: 'range2', wh: ['9'] }),
    ]);
    expect(await hours('range', DAY, '2026-10-03' as IsoDate)).toEqual([
      ['2026-10-01', 3, ['1', '0.5']],
      ['2026-10-03', 3, ['3']],
    ]);
    const [day] = await open().days('range', DAY, DAY);
    expect(day?.intervals[1]).toEqual({
      startMs: 1_790_816_400_000,
      durationSeconds: 3600,
      wh: '0.5',
      quality: 'actual',
    });
  });

  test('whatever the order and however often they come: the best interval counts, then the later delivery', async () => {
    const deliveries = [
      delivered({ meterId: 'best', wh: ['1', '1', '1'], quality: 'estimated', receivedMs: 9 }),
      delivered({ meterId: 'best', wh: ['2'], receivedMs: 2 }),
      delivered({ meterId: 'best', wh: ['3', '3'], quality: 'substituted', receivedMs: 8 }),
      delivered({ meterId: 'best', wh: ['4'], receivedMs: 3 }),
    ];
    for (let seed = 1; seed <= 3; seed += 1) await open().store(shuffled(seed)([...deliveries, ...deliveries]));
    expect(await hours('best')).toEqual([[DAY, 1, ['4', '3', '1']]]);
  });

  test('one hour under the dates of two clocks counts once: the later delivery, or the better one', async () => {
    const at = (date: string, start: string, wh: string, receivedMs: number, quality: Quality = 'actual') =>
      registerDay({
        meterId: 'clocks',
        date: date as IsoDate,
        receivedMs,
        intervals: [{ startMs: Date.parse(start), durationSeconds: 3600, wh, quality }],
      });
    await open().store([
      at('2026-10-02', '2026-10-01T20:00:00Z', '1', 1),
      at('2026-10-01', '2026-10-01T20:00:00Z', '2', 2),
      at('2026-10-02', '2026-10-01T21:00:00Z', '3', 1),
      at('2026-10-01', '2026-10-01T21:00:00Z', '4', 2, 'estimated'),
    ]);
    expect(await hours('clocks', DAY, '2026-10-02' as IsoDate)).toEqual([
      ['2026-10-01', 3, ['2']],
      ['2026-10-02', 3, ['3']],
    ]);
  });

  test('registers are summed, what was fed in is not taken off, a delivery without registers competes with the sum', async () => {
    await open().store([
      delivered({ meterId: 'sum', register: 'E1', wh: ['1', '1'] }),
      delivered({ meterId: 'sum', register: 'E2', wh: ['0.25', '0.25'], quality: 'estimated' }),
      delivered({ meterId: 'sum', register: 'B1', flow: 'export', wh: ['7', '7'] }),
    ]);
    expect(await hours('sum')).toEqual([[DAY, 1, ['1.25', '1.25']]]);
    await open().store([delivered({ meterId: 'sum', wh: ['5'] })]);
    expect(await hours('sum')).toEqual([[DAY, 1, ['5', '1.25']]]);
  });

  test('more days than two years are not read at once', async () => {
    await expect(open().days('m', DAY, '2029-10-01' as IsoDate)).rejects.toThrow(
      '1 to 732 days are read at once, got 1097',
    );
    await expect(open().days('m', DAY, '2026-09-30' as IsoDate)).rejects.toThrow(
      '1 to 732 days are read at once, got 0',
    );
  });

  test('a batch is stored once each of its parts is, in any order and however often', async () => {
    const store = open();
    await store.partStored('b1', 1);
    expect(await store.status('b1')).toBeUndefined();
    await store.open({ batchId: 'b1', parts: 2, accepted: 5 });
    await store.open({ batchId: 'b1', parts: 2, accepted: 5 });
    await store.partStored('b1', 1);
    expect(await store.status('b1')).toEqual({ batchId: 'b1', parts: 2, accepted: 5, status: 'pending' });
    await store.partStored('b1', 0);
    expect(await store.status('b1')).toEqual({ batchId: 'b1', parts: 2, accepted: 5, status: 'stored' });
  });
};
