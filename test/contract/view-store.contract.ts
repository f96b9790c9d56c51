// Owns what every view must do: each fact once, whatever the order, and reads that follow from the set of facts alone.
import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../lambdas/domain/facts.ts';
import type { Period } from '../../lambdas/domain/ids.ts';
import type { FactKey } from '../../lambdas/domain/keys.ts';
import { type FactPage, InvalidCursor } from '../../lambdas/ports/event-log.ts';
import type { ViewStore } from '../../lambdas/ports/view-store.ts';
import { account, billed, DAY_MS, NOON_MS, opened, paid, payment, refunded, reversed } from './facts.ts';
import { shuffled } from './shuffled.ts';

export interface OpenView {
  readonly view: ViewStore;
  /** Every row of one account, sorted, in the form of test/engine/dump-view.ts. */
  rows(accountId: string): Promise<readonly string[]>;
}

const at = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

const pagesOf = async (read: (cursor: string | undefined) => Promise<FactPage>): Promise<Fact[][]> => {
  const pages: Fact[][] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    pages.push([...page.facts]);
    cursor = page.cursor;
  } while (cursor !== undefined && pages.length < 100);
  return pages;
};

/** Bills, payments, refunds and a reversal over three months, several on one day. */
const history = (id: string): readonly Fact[] => {
  const first = paid(id, 'a', 10_000n, NOON_MS);
  const second = paid(id, 'b', 5_000n, NOON_MS + 1);
  return [
    opened(id, NOON_MS - 70 * DAY_MS),
    billed(id, '2026-08', 7_000n, NOON_MS - 60 * DAY_MS),
    billed(id, '2026-09', 8_000n, NOON_MS - 30 * DAY_MS),
    billed(id, '2026-10', 9_000n, NOON_MS - DAY_MS),
    first,
    second,
    refunded(first, 1, 2_500n, NOON_MS + 2 * DAY_MS),
    refunded(first, 2, 500n, NOON_MS + 30 * DAY_MS),
    reversed(second, 1, 5_000n, NOON_MS + 31 * DAY_MS),
  ];
};

export const viewStoreContract = (open: () => OpenView): void => {
  test('an account of which the view holds nothing', async () => {
    const { view } = open();
    const nobody = account('us_nobody');
    expect(await view.sums(nobody)).toBeUndefined();
    expect(await view.fact(nobody, 'a#000' as FactKey)).toBeUndefined();
    expect(await view.stream(nobody, 'a' as never)).toEqual([]);
    expect(await view.bills(nobody, { limit: 10 })).toEqual({ facts: [] });
    expect(await view.timeline(nobody, { fromMs: 0, toMs: NOON_MS, limit: 10 })).toEqual({ facts: [] });
    expect(await view.balanceBefore(nobody, NOON_MS)).toBe(0n);
  });

  test('sums count each fact once', async () => {
    const { view } = open();
    await view.apply(history('us_sums'));
    await view.apply(history('us_sums').slice(2, 7));
    expect(await view.sums(account('us_sums'))).toEqual({
      billedMinor: 24_000n,
      paidMinor: 7_000n,
      adjustedMinor: 0n,
      pendingMinor: 7_000n,
      factCount: 9,
    });
  });

  test('sums do not lose precision', async () => {
    const { view } = open();
    const large = Array.from({ length: 60 }, (_, n) =>
      billed('us_large', `20${n + 10}-01`, 9_007_199_254_740_991n, NOON_MS + n),
    );
    await view.apply(large);
    expect((await view.sums(account('us_large')))?.billedMinor).toBe(540_431_955_284_459_460n);
    expect(await view.balanceBefore(account('us_large'), NOON_MS + 59)).toBe(531_424_756_029_718_469n);
  });

  test('the rows are those of the facts, by literal', async () => {
    const { view, rows } = open();
    await view.apply([
      opened('us_rows'),
      billed('us_rows', '2026-10', 300n),
      paid('us_rows', 'a', 100n, NOON_MS + DAY_MS),
    ]);
    const lines = await rows('us_rows');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^at="001792065600000#a#000" body="\{.*\}" pk="us_rows" sk="a#000" sum="[\w-]{43}" v=1$/);
    expect(lines[1]).toMatch(/^at="001792065600000#b#2026-10#000" body=/);
    expect(lines[2]).toMatch(/^at="001792152000000#p#pay_a{52}#000" body=/);
    expect(lines.slice(3)).toEqual([
      'adjustedMinor=0 billedMinor=300 factCount=3 paidMinor=100 pendingMinor=100 pk="us_rows" sk="sum"',
      'd15=300 d16=-100 pk="us_rows" sk="sum#2026-10" total=200',
    ]);
  });

  describe('any order, any duplicates, any batches', () => {
    test.each([1, 2, 3, 4, 5, 6])('give the rows of a fresh replay (seed %i)', async (seed) => {
      const { view, rows } = open();
      const replay = `us_replay${seed}`;
      await view.apply(history(replay));
      const chaotic = `us_chaos${seed}`;
      const random = shuffled(seed);
      const facts = random([...history(chaotic), ...history(chaotic).slice(0, 4), ...history(chaotic).slice(5)]);
      for (let start = 0; start < facts.length; start += seed) await view.apply(facts.slice(start, start + seed));
      const renamed = (line: string) => line.replaceAll(chaotic, replay).replace(/ sum="[\w-]{43}"/, '');
      const plain = (line: string) => line.replace(/ sum="[\w-]{43}"/, '');
      expect((await rows(chaotic)).map(renamed)).toEqual((await rows(replay)).map(plain));
    });

    test('by concurrent appliers give them too', async () => {
      const { view, rows } = open();
      await view.apply(history('us_calm'));
      const batches = [1, 2, 3, 4, 5, 6].map((seed) => shuffled(seed)(history('us_busy')));
      await Promise.all(batches.flatMap((batch) => [view.apply(batch.slice(0, 5)), view.apply(batch.slice(3))]));
      const plain = (line: string) => line.replaceAll('us_busy', 'us_calm').replace(/ sum="[\w-]{43}"/, '');
      expect((await rows('us_busy')).map(plain)).toEqual((await rows('us_calm')).map(plain));
    });

    test('facts that cancel each other leave the same rows together and one by one', async () => {
      const { view, rows } = open();
      const facts = (id: string) => {
        const mistake = paid(id, 'a', 700n);
        return [mistake, reversed(mistake, 1, 700n)];
      };
      await view.apply(facts('us_both'));
      for (const fact of facts('us_each')) await view.apply([fact]);
      const sums = async (id: string) =>
        (await rows(id)).filter((line) => line.includes('sk="sum')).map((line) => line.replace(id, 'X'));
      expect(await sums('us_both')).toEqual(await sums('us_each'));
      expect(await sums('us_both')).toEqual([
        'adjustedMinor=0 billedMinor=0 factCount=2 paidMinor=0 pendingMinor=0 pk="X" sk="sum"',
        'd15=0 pk="X" sk="sum#2026-10" total=0',
      ]);
    });

    test('of many accounts in one batch each gets its own', async () => {
      const { view } = open();
      await view.apply(
        Array.from({ length: 40 }, (_, n) => paid(`us_many${n % 20}`, n < 20 ? 'a' : 'b', BigInt(n + 1))),
      );
      expect((await view.sums(account('us_many7')))?.paidMinor).toBe(36n);
      expect((await view.sums(account('us_many19')))?.paidMinor).toBe(60n);
    });

    test('more facts of one account than a transaction takes', async () => {
      const { view } = open();
      const facts = Array.from({ length: 120 }, (_, n) =>
        billed(
          'us_bulk',
          `20${String(n % 90).padStart(2, '0')}-${n < 90 ? '01' : '02'}`,
          1n,
          NOON_MS + n * 20 * DAY_MS,
        ),
      );
      await view.apply(facts);
      expect(await view.sums(account('us_bulk'))).toMatchObject({ billedMinor: 120n, factCount: 120 });
    });

    test('nothing is nothing', async () => {
      await expect(open().view.apply([])).resolves.toBeUndefined();
    });
  });

  describe('reads', () => {
    test('a fact and a stream by key', async () => {
      const { view } = open();
      const facts = history('us_keys');
      await view.apply(facts);
      expect(await view.fact(account('us_keys'), `p#${payment('a')}#001` as FactKey)).toEqual(facts[6]);
      expect(await view.stream(account('us_keys'), `p#${payment('a')}` as never)).toEqual([
        facts[4],
        facts[6],
        facts[7],
      ]);
    });

    test('bills newest period first, page by page', async () => {
      const { view } = open();
      await view.apply(history('us_bills'));
      const periods = async (limit: number) =>
        (await pagesOf((cursor) => view.bills(account('us_bills'), { limit, ...at(cursor) }))).map((page) =>
          page.map((fact) => (fact.type === 'BillIssued' ? fact.period : fact.type)),
        );
      expect(await periods(10)).toEqual([['2026-10', '2026-09', '2026-08']]);
      expect(await periods(3)).toEqual([['2026-10', '2026-09', '2026-08']]);
      expect(await periods(2)).toEqual([['2026-10', '2026-09'], ['2026-08']]);
      expect(await periods(1)).toEqual([['2026-10'], ['2026-09'], ['2026-08']]);
    });

    test('bills down to a period, page by page, and a cursor of theirs belongs to no shorter list', async () => {
      const { view } = open();
      await view.apply(history('us_newer'));
      const id = account('us_newer');
      const from = (downTo: string, limit: number) =>
        pagesOf((cursor) => view.bills(id, { limit, downTo: downTo as Period, ...at(cursor) }));
      const periods = async (downTo: string, limit: number) =>
        (await from(downTo, limit)).map((page) => page.map((fact) => fact.stream));
      expect(await periods('2026-09', 10)).toEqual([['b#2026-10', 'b#2026-09']]);
      expect(await periods('2026-09', 1)).toEqual([['b#2026-10'], ['b#2026-09']]);
      expect(await periods('2026-10', 1)).toEqual([['b#2026-10']]);
      expect(await periods('2026-11', 1)).toEqual([[]]);
      const { cursor = '' } = await view.bills(id, { limit: 2 });
      await expect((async () => view.bills(id, { limit: 1, downTo: '2026-10' as Period, cursor }))()).rejects.toThrow(
        InvalidCursor,
      );
    });

    test('a timeline by time, then key; from inclusive, to exclusive; page by page', async () => {
      const { view } = open();
      const early = paid('us_time', 'c', 1n, NOON_MS);
      const same = [paid('us_time', 'a', 2n, NOON_MS + 5), paid('us_time', 'b', 3n, NOON_MS + 5)];
      const late = billed('us_time', '2026-10', 4n, NOON_MS + 6);
      await view.apply([late, ...same.toReversed(), early]);
      const read = (fromMs: number, toMs: number, limit: number) =>
        pagesOf((cursor) => view.timeline(account('us_time'), { fromMs, toMs, limit, ...at(cursor) }));
      expect(await read(0, NOON_MS * 2, 10)).toEqual([[early, ...same, late]]);
      expect(await read(NOON_MS, NOON_MS + 6, 10)).toEqual([[early, ...same]]);
      expect(await read(NOON_MS + 1, NOON_MS + 5, 10)).toEqual([[]]);
      expect(await read(NOON_MS + 5, NOON_MS + 5, 10)).toEqual([[]]);
      expect(await read(NOON_MS + 6, NOON_MS, 10)).toEqual([[]]);
      expect(await read(NOON_MS, NOON_MS + 7, 2)).toEqual([
        [early, same[0]],
        [same[1], late],
      ]);
      expect(await read(NOON_MS, NOON_MS + 7, 3)).toEqual([[early, ...same], [late]]);
    });

    test('a cursor of another range or list is refused', async () => {
      const { view } = open();
      await view.apply(history('us_cursor'));
      const id = account('us_cursor');
      const { cursor = '' } = await view.timeline(id, { fromMs: 0, toMs: NOON_MS * 2, limit: 1 });
      await expect(view.timeline(id, { fromMs: NOON_MS, toMs: NOON_MS * 2, limit: 1, cursor })).rejects.toThrow(
        InvalidCursor,
      );
      await expect((async () => view.bills(id, { limit: 1, cursor }))()).rejects.toThrow(InvalidCursor);
    });

    test('the balance before an instant, by literal', async () => {
      const { view } = open();
      await view.apply(history('us_balance'));
      const owedBefore = (atMs: number) => view.balanceBefore(account('us_balance'), atMs);
      expect(await owedBefore(NOON_MS - 60 * DAY_MS)).toBe(0n);
      expect(await owedBefore(NOON_MS - 60 * DAY_MS + 1)).toBe(7_000n);
      expect(await owedBefore(NOON_MS - 30 * DAY_MS)).toBe(7_000n);
      expect(await owedBefore(NOON_MS - DAY_MS + 1)).toBe(24_000n);
      expect(await owedBefore(NOON_MS)).toBe(24_000n);
      expect(await owedBefore(NOON_MS + 1)).toBe(14_000n);
      expect(await owedBefore(NOON_MS + 2)).toBe(9_000n);
      expect(await owedBefore(Date.parse('2026-10-16T00:00:00Z'))).toBe(9_000n);
      expect(await owedBefore(NOON_MS + 10 * DAY_MS)).toBe(11_500n);
      expect(await owedBefore(Date.parse('2026-11-01T00:00:00Z'))).toBe(11_500n);
      expect(await owedBefore(NOON_MS + 365 * DAY_MS)).toBe(17_000n);
    });

    test('the balance before an instant on a day with more facts than a page', async () => {
      const { view } = open();
      await view.apply(Array.from({ length: 1100 }, (_, n) => billed('us_day', `${1000 + n}-01`, 1n, NOON_MS + n)));
      expect(await view.balanceBefore(account('us_day'), NOON_MS + 1050)).toBe(1050n);
    });
  });
};
