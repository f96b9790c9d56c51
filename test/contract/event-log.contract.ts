// Owns what every ledger must do, whichever store holds it.
// Leaves to event-log.test.ts what only a store behind a wire can show: requests, faults, deadlines.
import { describe, expect, test } from '@jest/globals';
import type { StoredFact } from '../../lambdas/adapters/stored-fact.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { type FactKey, keyOf, type StreamId } from '../../lambdas/domain/keys.ts';
import { CorruptFact, type EventLog, type FactPage, InvalidCursor } from '../../lambdas/ports/event-log.ts';
import { account, billed, NOON_MS, opened, paid, payment, refunded, typesOf } from './facts.ts';

export interface OpenLog {
  readonly log: EventLog;
  /** What is stored, behind the back of the port. */
  stored(pk: string, sk: string): Promise<StoredFact>;
  /** Puts an item as it stands, behind the back of the port. */
  overwrite(item: Partial<StoredFact> & { readonly pk: string; readonly sk: string }): Promise<void>;
}

const key = (text: string): FactKey => text as FactKey;
const stream = (text: string): StreamId => text as StreamId;

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

const at = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

/** `open` gives the same store on every call: tests keep apart by their accounts. */
export const eventLogContract = (open: () => OpenLog): void => {
  describe('append', () => {
    test('a fact is stored and comes back equal', async () => {
      const { log } = open();
      const fact = paid('us_append', 'a');
      expect(await log.append(fact)).toEqual({ kind: 'appended' });
      expect(await log.readFact(account('us_append'), key(`p#${payment('a')}#000`))).toEqual(fact);
    });

    test('a held ordinal keeps its fact and gives it back', async () => {
      const { log } = open();
      const first = paid('us_held', 'a', 100n);
      const second = paid('us_held', 'a', 999n);
      await log.append(first);
      expect(await log.append(second)).toEqual({ kind: 'occupied', fact: first });
      expect(await log.readStream(account('us_held'), first.stream)).toEqual([first]);
    });

    test('the very same fact again is occupied by itself', async () => {
      const { log } = open();
      const fact = paid('us_again', 'a');
      await log.append(fact);
      expect(await log.append(fact)).toEqual({ kind: 'occupied', fact });
    });

    test('of 50 concurrent appends of one ordinal one is appended, and 49 get its fact', async () => {
      const { log } = open();
      const facts = Array.from({ length: 50 }, (_, n) => paid('us_race50', 'a', 100n, NOON_MS + n));
      const results = await Promise.all(facts.map((fact) => log.append(fact)));
      const winner = facts[results.findIndex(({ kind }) => kind === 'appended')];
      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
      const losers = results.filter(({ kind }) => kind === 'occupied');
      expect(losers).toHaveLength(49);
      for (const loser of losers) expect(loser).toEqual({ kind: 'occupied', fact: winner });
      expect(await log.readStream(account('us_race50'), stream(`p#${payment('a')}`))).toEqual([winner]);
    });

    test('of 50 concurrent appends of one and the same fact one is appended too', async () => {
      const { log } = open();
      const fact = paid('us_same50', 'a');
      const results = await Promise.all(Array.from({ length: 50 }, () => log.append(fact)));
      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    });
  });

  describe('reading', () => {
    test('what was never stored is undefined, empty and a single empty page', async () => {
      const { log } = open();
      expect(await log.readFact(account('us_none'), key('a#000'))).toBeUndefined();
      expect(await log.readStream(account('us_none'), stream('a'))).toEqual([]);
      expect(await log.readAccount(account('us_none'), { limit: 10 })).toEqual({ facts: [] });
    });

    test('a stream comes by ordinal, without its neighbours', async () => {
      const { log } = open();
      const mine = paid('us_stream', 'b', 500n);
      const facts = [refunded(mine, 2, 20n), mine, refunded(mine, 1, 10n), refunded(mine, 10, 30n)];
      const others = [
        paid('us_stream', 'a'),
        paid('us_stream', 'c'),
        billed('us_stream', '2026-10', 5n),
        paid('us_stream2', 'b'),
      ];
      for (const fact of [...facts, ...others]) await log.append(fact);
      const read = await log.readStream(account('us_stream'), mine.stream);
      expect(read.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 10]);
      expect(typesOf(read)).toEqual(['PaymentAccepted', 'PaymentRefunded', 'PaymentRefunded', 'PaymentRefunded']);
    });

    test('an account comes in key order, page by page, no cursor on the last', async () => {
      const { log } = open();
      const facts = [
        opened('us_pages'),
        billed('us_pages', '2026-09', 1n),
        billed('us_pages', '2026-10', 2n),
        paid('us_pages', 'a'),
      ];
      for (const fact of facts.toReversed()) await log.append(fact);
      await log.append(paid('us_pages2', 'a'));
      const by = (limit: number) => pagesOf((cursor) => log.readAccount(account('us_pages'), { limit, ...at(cursor) }));
      expect(await by(1)).toEqual(facts.map((fact) => [fact]));
      expect(await by(2)).toEqual([facts.slice(0, 2), facts.slice(2)]);
      expect(await by(3)).toEqual([facts.slice(0, 3), facts.slice(3)]);
      expect(await by(4)).toEqual([facts]);
      expect(await by(5)).toEqual([facts]);
    });

    test('a page may be larger than the megabyte a store answers at once', async () => {
      const { log } = open();
      const facts = Array.from({ length: 25 }, (_, n) =>
        billed('us_large', `20${String(n + 10)}-01`, BigInt(n + 1), NOON_MS, 'x'.repeat(60_000)),
      );
      for (const fact of facts) await log.append(fact);
      const pages = await pagesOf((cursor) => log.readAccount(account('us_large'), { limit: 24, ...at(cursor) }));
      expect(pages.map((page) => page.length)).toEqual([24, 1]);
      expect(pages.flat().map((fact) => (fact.type === 'BillIssued' ? fact.totalMinor : 0n))).toEqual(
        Array.from({ length: 25 }, (_, n) => BigInt(n + 1)),
      );
    });

    test.each([
      ['of other letters', '?'],
      ['with padding', 'YQ=='],
      ['beyond every key', Buffer.from('é').toString('base64url')],
      ['longer than any key', 'YWFh'.repeat(1000)],
    ])('a cursor %s is refused', async (_, cursor) => {
      const { log } = open();
      const read = (async () => log.readAccount(account('us_pages'), { limit: 1, cursor }))();
      await expect(read).rejects.toThrow(InvalidCursor);
      await expect(read).rejects.toThrow(/is not one of this list: leave it out to begin anew$/);
    });

    test('a scan finds every fact of every account once, whole or in segments', async () => {
      const { log } = open();
      const facts = Array.from({ length: 30 }, (_, n) => paid(`us_scan${n}`, 'scan', BigInt(n + 1)));
      for (const fact of facts) await log.append(fact);
      const mine = (pages: Fact[][]) =>
        pages
          .flat()
          .filter((fact) => fact.accountId.startsWith('us_scan'))
          .map((fact) => (fact.type === 'PaymentAccepted' ? Number(fact.amountMinor) : 0))
          .sort((a, b) => a - b);
      const expected = Array.from({ length: 30 }, (_, n) => n + 1);
      expect(mine(await pagesOf((cursor) => log.scan({ limit: 7, ...at(cursor) })))).toEqual(expected);
      const segments = await Promise.all(
        [0, 1, 2].map((index) => pagesOf((cursor) => log.scan({ limit: 7, ...at(cursor), segment: { index, of: 3 } }))),
      );
      expect(mine(segments.flat())).toEqual(expected);
      expect(segments.every((pages) => pages.flat().length > 0)).toBe(true);
    });
  });

  describe('an item that was tampered with is named and never served', () => {
    const cases: readonly [string, (item: StoredFact) => Partial<StoredFact>, RegExp][] = [
      ['amount', (item) => ({ ...item, body: item.body.replace('12345', '12346') }), /checksum/],
      ['checksum', (item) => ({ ...item, sum: item.sum.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) }), /checksum/],
      ['schemaversion', (item) => ({ ...item, v: 2 }), /attribute v is 2, the fact says 1$/],
      ['body', ({ pk, sk, v, sum }) => ({ pk, sk, v, sum }), /attribute body or sum is missing$/],
      [
        'key',
        (item) => ({ ...item, sk: `p#${payment('b')}#000` }),
        /it says it is p#pay_a+#000 of account us_bad_key$/,
      ],
    ];
    test.each(cases)('%s', async (name, tamper, reason) => {
      const { log, stored, overwrite } = open();
      const pk = `us_bad_${name}`;
      const fact = paid(pk, 'a');
      await log.append(fact);
      const bad = tamper(await stored(pk, keyOf(fact)));
      const sk = String(bad.sk);
      await overwrite({ ...bad, pk, sk });
      const badStream = stream(sk.slice(0, -4));
      const put = name === 'key' ? paid(pk, 'b') : fact;
      for (const read of [
        () => log.readFact(account(pk), key(sk)),
        () => log.readStream(account(pk), badStream),
        () => log.readAccount(account(pk), { limit: 10 }),
        () => log.append(put),
      ]) {
        const error = await read().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(CorruptFact);
        expect(error).toMatchObject({ accountId: pk, key: sk });
        expect((error as Error).message).toMatch(reason);
      }
    });
  });
};
