// Owns the proof that what a worker keeps of an account never shows: only in how little it reads.
// Leaves to the simulation the same beside faults.
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import type { AccountId } from '../../../lambdas/domain/ids.ts';
import { EMPTY_SUMS } from '../../../lambdas/domain/sums.ts';
import { KeptReads } from '../../../lambdas/lookup/kept-reads.ts';
import { READS } from '../../../lambdas/shared/policies.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { calls, memoryStores, type TestRegion, testRegion } from '../harness/region.ts';

let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;
let asked: string[];
/** Runs once, with the next read of that name, after it. */
let after: { readonly name: string; readonly act: () => Promise<void> } | undefined;

const watched = () =>
  new Proxy(stores.views, {
    get: (views, name) => {
      const member: unknown = Reflect.get(views, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        asked.push(String(name));
        const answer: unknown = await member.apply(views, args);
        const act = after?.name === name ? after.act : undefined;
        if (act !== undefined) after = undefined;
        await act?.();
        return answer;
      };
    },
  });

/** Two bills of 1000, of which 300 are paid; all of it is in the view. */
beforeEach(async () => {
  stores = memoryStores();
  asked = [];
  after = undefined;
  region = testRegion({ ...stores, views: watched() });
  await region.call(calls.open());
  await region.call(calls.bill('b9', '2026-09', 1_000));
  await region.call(calls.bill('b10', '2026-10', 1_000));
  await region.call(calls.pay('p', 300));
  await region.project();
});

/** What is asked of the view for it. */
const readsOf = async (look: () => Promise<unknown>): Promise<readonly string[]> => {
  asked = [];
  await look();
  return asked;
};
const account = (headers: Record<string, string> = {}) => region.call(calls.look('', { headers }));
const bill = (period = '2026-10') =>
  region.call(calls.look('/bills/{billId}', { path: { billId: `bill_${period}_r1` } }));

describe('while nothing comes into an account', () => {
  test('a bill is read once, and then the totals alone', async () => {
    const first = await bill();
    expect(await readsOf(bill)).toEqual(['sums']);
    expect((await bill()).text).toBe(first.text);
  });

  test('what one lookup read serves another', async () => {
    await account();
    expect(await readsOf(account)).toEqual(['sums']);
    expect(await readsOf(() => region.call(calls.look('/balance')))).toEqual(['sums']);
  });

  test('a fact that is asked for is looked for once', async () => {
    const { position } = (await region.call(calls.pay('p', 300))).body;
    const headers = { 'baseload-after': position };
    await account(headers);
    expect(await readsOf(() => account(headers))).toEqual(['sums']);
  });

  test('a statement is read each time', async () => {
    const statement = () => region.call(calls.look('/statement'));
    await statement();
    expect(await readsOf(statement)).toEqual(expect.arrayContaining(['sums', 'timeline', 'sums']));
  });

  test('it is read again after some minutes: a line may have been repaired', async () => {
    await bill();
    region.clock.currentMs += READS.kept.forMs - 1;
    expect(await readsOf(bill)).toEqual(['sums']);
    region.clock.currentMs += 1;
    expect(await readsOf(bill)).toEqual(['sums', 'bills', 'sums']);
    expect(await readsOf(bill)).toEqual(['sums']);
  });
});

describe('what comes in is in the next answer', () => {
  test('a payment', async () => {
    expect((await bill('2026-09')).body.status).toBe('open');
    await region.call(calls.pay('rest', 700));
    await region.project();
    expect(await readsOf(() => bill('2026-09'))).toEqual(['sums', 'bills', 'sums']);
    expect((await bill('2026-09')).body.status).toBe('paid');
  });

  test('a fact that was asked for in vain and laid over the view', async () => {
    const { position } = (await region.call(calls.pay('new', 200))).body;
    const headers = { 'baseload-after': position };
    for (const _twice of [1, 2]) expect((await account(headers)).body.balanceMinor).toBe(1_500);
    await region.project();
    for (const _twice of [1, 2]) expect((await account(headers)).body.balanceMinor).toBe(1_500);
    expect((await account()).body.balanceMinor).toBe(1_500);
  });

  test('a bill that comes in while the account is read', async () => {
    await region.call(calls.bill('b11', '2026-11', 1_000));
    after = { name: 'sums', act: () => region.project() };
    for (const _twice of [1, 2]) {
      const { body } = await region.call(calls.look('/bills'));
      expect(body.bills.map(({ billId, status }: { billId: string; status: string }) => `${billId} ${status}`)).toEqual(
        ['bill_2026-11_r1 open', 'bill_2026-10_r1 open', 'bill_2026-09_r1 open'],
      );
    }
    expect((await account()).body).toMatchObject({ balanceMinor: 2_700, nextDueDate: '2026-09-28' });
  });
});

test('whatever comes in between lookups, a worker that keeps answers as one that has just started', async () => {
  const LOOKS = ['', '/balance', '/bills', '/bills/{billId}'] as const;
  const step = fc.oneof(
    fc.record({ do: fc.constant('pay' as const), amountMinor: fc.integer({ min: 1, max: 1_500 }) }),
    fc.record({ do: fc.constant('bill' as const), month: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ do: fc.constant('project' as const), every: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constant('look' as const), below: fc.constantFrom(...LOOKS) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const fresh = memoryStores();
      const worker = testRegion(fresh);
      await worker.call(calls.open());
      await worker.call(calls.bill('first', '2026-08', 1_000));
      for (const [n, one] of steps.entries()) {
        worker.clock.currentMs += 1_000;
        if (one.do === 'pay') await worker.call(calls.pay(`pay ${n}`, one.amountMinor));
        if (one.do === 'bill')
          await worker.call(calls.bill(`bill ${n}`, `2026-${String(one.month).padStart(2, '0')}`, 1_000));
        if (one.do === 'project') {
          // Any part of what there is, in any order: streams are not in the order of the ledger.
          const { facts } = await fresh.ledger.scan({ limit: 1_000 });
          await fresh.views.apply(facts.filter((_, at) => at % one.every === 0));
        }
        if (one.do === 'look') {
          const call = calls.look(one.below, { path: { billId: 'bill_2026-08_r1' } });
          const beginner = testRegion(fresh, 'us-east-1', worker.clock);
          expect((await worker.call(call)).text).toBe((await beginner.call(call)).text);
        }
      }
    }),
    { numRuns: 150 },
  );
});

describe('no more is kept than there is room for', () => {
  const [A, B, C] = ['us_a', 'us_b', 'us_c'] as AccountId[] as [AccountId, AccountId, AccountId];
  const totals = { ...EMPTY_SUMS, factCount: 1 };
  const pageOf = (count: number) => ({ facts: Array.from({ length: count }, () => ({}) as Fact) });
  const open = () => new KeptReads(new ManualClock(0), { facts: 10, forMs: 1_000 });
  const has = (kept: KeptReads) => [A, B, C].filter((account) => kept.of(account, totals).size > 0);

  test('the account that nobody looked at for longest goes first', () => {
    const kept = open();
    kept.keep(A, totals, new Map([['bills', pageOf(4)]]));
    kept.keep(B, totals, new Map([['bills', pageOf(4)]]));
    kept.of(A, totals);
    kept.keep(C, totals, new Map([['bills', pageOf(4)]]));
    expect(has(kept)).toEqual([A, C]);
  });

  test('reads of one account under the same totals add up; under others they replace each other', () => {
    const kept = open();
    kept.keep(A, totals, new Map([['bills', pageOf(2)]]));
    kept.keep(A, totals, new Map([['stream', pageOf(2)]]));
    expect([...kept.of(A, totals).keys()]).toEqual(['bills', 'stream']);
    const later = { ...totals, factCount: 2 };
    kept.keep(A, later, new Map([['stream', pageOf(2)]]));
    expect([...kept.of(A, later).keys()]).toEqual(['stream']);
  });

  test('one account that is larger than all of it is not kept, and leaves room again', () => {
    const kept = open();
    kept.keep(A, totals, new Map([['bills', pageOf(11)]]));
    expect(has(kept)).toEqual([]);
    kept.keep(B, totals, new Map([['bills', pageOf(10)]]));
    expect(has(kept)).toEqual([B]);
  });

  test('that there is nothing takes room as well', () => {
    const kept = open();
    for (let n = 0; n < 11; n++) kept.keep(A, totals, new Map([[`fact ${n}`, pageOf(0)]]));
    expect(has(kept)).toEqual([]);
  });
});
