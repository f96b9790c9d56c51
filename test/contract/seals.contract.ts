// Owns what every store of seals, of a Region's work on them and of a view's lines must do.
// Leaves to the tests of each adapter what only its store can do wrong.
import { describe, expect, test } from '@jest/globals';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { keyOf } from '../../lambdas/domain/keys.ts';
import { headAfter, NO_SEAL, sealBucketOf } from '../../lambdas/domain/seal.ts';
import type { SealLog, SealWork } from '../../lambdas/ports/seals.ts';
import { lineName, type ViewLines } from '../../lambdas/ports/view-lines.ts';
import type { ViewStore } from '../../lambdas/ports/view-store.ts';
import { account, DAY_MS, NOON_MS, opened, paid } from './facts.ts';
import { sealOf, unsealedOf } from './seal-facts.ts';

export interface SealStores {
  readonly seals: SealLog;
  readonly work: SealWork;
  /** Notes what is not sealed in `work`, at noon. */
  readonly views: Pick<ViewStore, 'apply' | 'fact' | 'sums'> & ViewLines;
}

const placeOf = (fact: Fact) => ({ accountId: fact.accountId, key: keyOf(fact) });

/** Each test has accounts, and so mostly buckets, of its own. */
export const sealsContract = (open: () => SealStores): void => {
  describe('the chain', () => {
    test('the first at an ordinal stays, the second is told so', async () => {
      const { seals } = open();
      const mine = sealOf([paid('us_first', 'a')]);
      const theirs = sealOf([paid('us_first', 'b')], NO_SEAL, 'us-west-2');
      expect(await seals.append(mine)).toBe('appended');
      expect(await seals.append(theirs)).toBe('occupied');
      expect(await seals.read(mine.bucket, 1)).toEqual(mine);
    });

    test('is read in order, from any ordinal on, some at a time', async () => {
      const { seals } = open();
      const bucket = sealBucketOf(account('us_chain'));
      const chain = [sealOf([paid('us_chain', 'a')])];
      for (const tag of ['b', 'c', 'd']) {
        chain.push(sealOf([paid('us_chain', tag)], headAfter(chain.at(-1) as (typeof chain)[number])));
      }
      for (const seal of chain) await seals.append(seal);
      expect(await seals.after(bucket, 0, 3)).toEqual({ seals: chain.slice(0, 3) });
      expect(await seals.after(bucket, 3, 3)).toEqual({ seals: chain.slice(3) });
      expect(await seals.after(bucket, 4, 3)).toEqual({ seals: [] });
    });

    test('a seal that is not there is undefined', async () => {
      expect(await open().seals.read(63, 1_000_000)).toBeUndefined();
    });

    test('a seal of 2,000 facts is kept', async () => {
      const { seals } = open();
      const tag = (n: number) => [...String(n).padStart(4, '0')].map((digit) => 'bcdefghijk'[Number(digit)]).join('');
      const seal = sealOf(Array.from({ length: 2_000 }, (_, n) => paid('us_many', tag(n))));
      expect(await seals.append(seal)).toBe('appended');
      expect((await seals.read(seal.bucket, 1))?.members).toHaveLength(2_000);
    });
  });

  describe('the work', () => {
    test('a fact that is new to the view is not sealed yet, until it is removed', async () => {
      const { views, work } = open();
      const facts = [paid('us_new', 'b', 5n, NOON_MS + 1), paid('us_new', 'a', 5n, NOON_MS)];
      const bucket = sealBucketOf(account('us_new'));
      const ask = (beforeMs: number, limit = 10) => work.unsealed(bucket, { beforeMs, limit });
      await views.apply(facts);
      expect(await ask(NOON_MS + 2)).toEqual([...facts].reverse().map(unsealedOf));
      expect(await ask(NOON_MS + 1)).toEqual([unsealedOf(facts[1] as Fact)]);
      expect(await ask(NOON_MS + 2, 1)).toEqual([unsealedOf(facts[1] as Fact)]);
      await work.removeUnsealed([unsealedOf(facts[1] as Fact)]);
      expect(await ask(NOON_MS + 2)).toEqual([unsealedOf(facts[0] as Fact)]);
      // Applied again, it is no longer new.
      await views.apply(facts);
      expect(await ask(NOON_MS + 2)).toEqual([unsealedOf(facts[0] as Fact)]);
    });

    test('many are removed at once, and what is not there is no error', async () => {
      const { views, work } = open();
      const bucket = sealBucketOf(account('us_lots'));
      const facts = Array.from({ length: 60 }, (_, n) =>
        paid('us_lots', `${'abcdefghij'[Math.floor(n / 10)]}${'abcdefghij'[n % 10]}`, 5n),
      );
      await views.apply(facts.slice(0, 55));
      expect(await work.unsealed(bucket, { beforeMs: NOON_MS + 1, limit: 100 })).toHaveLength(55);
      await work.removeUnsealed(facts.map(unsealedOf));
      expect(await work.unsealed(bucket, { beforeMs: NOON_MS + 1, limit: 100 })).toEqual([]);
    });

    test('a fact of more than a day ago was sealed before it came to this view', async () => {
      const { views, work } = open();
      await views.apply([opened('us_old', NOON_MS - DAY_MS - 1), paid('us_old', 'a', 5n, NOON_MS - DAY_MS)]);
      const unsealed = await work.unsealed(sealBucketOf(account('us_old')), { beforeMs: NOON_MS, limit: 10 });
      expect(unsealed.map(({ occurredAtMs }) => occurredAtMs)).toEqual([NOON_MS - DAY_MS]);
    });

    test('a head moves on by one, for one run', async () => {
      const { work } = open();
      const first = { ordinal: 1, hash: 'h1', windowEndMs: NOON_MS };
      const second = { ordinal: 2, hash: 'h2', windowEndMs: NOON_MS + 60_000 };
      expect((await work.heads()).get(61)).toBeUndefined();
      expect(await work.advance(61, NO_SEAL, first)).toBe(true);
      expect(await work.advance(61, NO_SEAL, first)).toBe(false);
      expect(await work.advance(61, first, second)).toBe(true);
      expect(await work.advance(61, first, second)).toBe(false);
      expect((await work.heads()).get(61)).toEqual(second);
    });
  });

  describe('a rebuilt ledger', () => {
    test('a seal is what was restored, whatever stood there', async () => {
      const { seals } = open();
      const [mine, other] = [sealOf([paid('us_restored', 'a')]), sealOf([paid('us_restored', 'b')])];
      await seals.restore(other);
      await seals.restore(mine);
      expect(await seals.read(mine.bucket, 1)).toEqual(mine);
    });

    test('a head goes back to where the chain ends, or away', async () => {
      const { work } = open();
      const [first, third] = [1, 3].map((ordinal) => ({ ordinal, hash: `h${ordinal}`, windowEndMs: NOON_MS }));
      await work.reset(60, third);
      await work.reset(60, first);
      expect((await work.heads()).get(60)).toEqual(first);
      await work.reset(60, undefined);
      expect((await work.heads()).has(60)).toBe(false);
    });

    test('a fact that no seal of it holds is not sealed yet, once', async () => {
      const { work } = open();
      const fact = unsealedOf(paid('us_again', 'a', 5n));
      await work.addUnsealed([fact]);
      await work.addUnsealed([fact]);
      const bucket = sealBucketOf(account('us_again'));
      expect(await work.unsealed(bucket, { beforeMs: NOON_MS + 1, limit: 10 })).toEqual([fact]);
    });
  });

  describe('the lines of a view', () => {
    test('are read by place, those that are not there left out', async () => {
      const { views } = open();
      const facts = Array.from({ length: 130 }, (_, n) => opened(`us_line${n}`));
      await views.apply(facts);
      const lines = await views.lines([...facts.map(placeOf), placeOf(opened('us_nobody'))]);
      expect(lines.size).toBe(130);
      expect(lines.get(lineName(placeOf(facts[7] as Fact)))).toEqual({ kind: 'held', fact: facts[7] });
    });

    test('a line is put without its sums', async () => {
      const { views } = open();
      const fact = paid('us_put', 'a', 5n);
      await views.putLine(fact);
      await views.putLine(fact);
      expect(await views.fact(fact.accountId, keyOf(fact))).toEqual(fact);
      expect(await views.sums(fact.accountId)).toBeUndefined();
    });
  });
};
