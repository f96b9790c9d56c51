// Owns the proof that whatever is damaged is found, named and put right while one copy is intact, and that nothing else is changed.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import { encodeFact } from '../../../lambdas/domain/codec.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import { checkAccount } from '../../../lambdas/shared/integrity/look-at-account.ts';
import { repairAccount } from '../../../lambdas/shared/integrity/repair-account.ts';
import { ACCOUNT_ID } from '../../domain/commands.ts';
import { history } from '../../domain/histories.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { NOON_MS } from '../harness/region.ts';
import { CopiesInMemory, HARM, harmOpenWork, harmSums, STORES, type Store, wound } from './damage.ts';

const repair = (copies: CopiesInMemory) =>
  repairAccount(
    {
      sources: copies.sources('us-east-1', 'us-west-2'),
      ledger: copies.ledger,
      region: 'us-east-1',
      clock: new ManualClock(NOON_MS),
    },
    ACCOUNT_ID,
  );
const check = async (copies: CopiesInMemory) =>
  (await checkAccount(copies.sources('us-east-1', 'us-west-2'), ACCOUNT_ID)).report;

/** What stores hold of these facts and of the repairs that the ledger holds besides. */
const expectWhole = async (copies: CopiesInMemory, facts: readonly Fact[]): Promise<void> => {
  const { facts: all } = await copies.ledger.scan({ limit: 10_000 });
  const bodies = (some: readonly Fact[]) => some.map((fact) => encodeFact(fact).body).sort();
  const repairs = all.filter(({ type }) => type === 'FactRepaired');
  expect(bodies(all.filter(({ type }) => type !== 'FactRepaired'))).toEqual(bodies(facts));
  const fresh = await CopiesInMemory.holding([...facts, ...repairs]);
  for (const store of STORES) expect(copies.dump(store)).toBe(fresh.dump(store));
};

describe('any damage', () => {
  test('that leaves one copy of each fact intact is found, and everything is as it was, with a record', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(wound, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (facts, wounds, pick) => {
          const copies = await CopiesInMemory.holding(facts);
          const intact = new Map(facts.map((fact) => [String(keyOf(fact)), new Set<Store>(STORES)]));
          const damagedInLedger = new Set<string>();
          for (const { store, harm, pick: place } of wounds) {
            const key = keyOf(facts[place % facts.length] as Fact);
            const left = intact.get(key);
            if (left === undefined || (left.size === 1 && left.has(store)) || !left.has(store)) continue;
            left.delete(store);
            HARM[harm]?.(copies.items(store, ACCOUNT_ID), key);
            if (store === 'ledger') damagedInLedger.add(key);
          }
          harmSums(copies.views['us-west-2'], ACCOUNT_ID, pick);
          const { findings } = await check(copies);
          const named = new Set(findings.map(({ key }) => key));
          for (const [key, left] of intact) if (left.size < STORES.length) expect(named).toContain(key);

          expect((await repair(copies)).left).toEqual([]);
          await expectWhole(copies, facts);
          const records = (await copies.ledger.scan({ limit: 10_000 })).facts.filter(
            ({ type }) => type === 'FactRepaired',
          );
          expect(records.map((fact) => fact.type === 'FactRepaired' && fact.repairedKey).sort()).toEqual(
            [...damagedInLedger].sort(),
          );
          expect(await check(copies)).toEqual({ findings: [], notYet: 0 });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of which no copy is intact is named, and left as it was found, while the rest is put right', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), fc.nat(), async (facts, pick, other) => {
        const copies = await CopiesInMemory.holding(facts);
        const lost = keyOf(facts[pick % facts.length] as Fact);
        for (const store of STORES) HARM['a flipped bit in the body']?.(copies.items(store, ACCOUNT_ID), lost);
        const found = STORES.map((store) => copies.items(store, ACCOUNT_ID).get(lost));
        const mendable = keyOf(facts[other % facts.length] as Fact);
        if (mendable !== lost) copies.items('ledger', ACCOUNT_ID).delete(mendable);
        const { left } = await repair(copies);
        expect(left.map(({ store, region, key }) => [store, region, key])).toEqual([
          ['ledger', 'us-east-1', lost],
          ['view', 'us-east-1', lost],
          ['view', 'us-west-2', lost],
        ]);
        expect(STORES.map((store) => copies.items(store, ACCOUNT_ID).get(lost))).toEqual(found);
        expect(copies.items('ledger', ACCOUNT_ID).has(mendable)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('of rows that follow from facts is put right from the facts', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.nat(), async (facts, pick) => {
        const copies = await CopiesInMemory.holding(facts);
        harmSums(copies.views['us-east-1'], ACCOUNT_ID, pick);
        harmOpenWork(copies.views['us-west-2'], pick);
        for (const places of copies.views['us-east-1'].days.values()) places.clear();
        expect((await repair(copies)).left).toEqual([]);
        await expectWhole(copies, facts);
      }),
      { numRuns: 40 },
    );
  });
});

describe('an account without damage', () => {
  test('has no findings, and a repair changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (facts) => {
        const copies = await CopiesInMemory.holding(facts);
        const before = STORES.map((store) => copies.dump(store));
        expect(await check(copies)).toEqual({ findings: [], notYet: 0 });
        expect(await repair(copies)).toEqual({ repaired: [], left: [] });
        expect(STORES.map((store) => copies.dump(store))).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  test('whose view lags is not a finding but not there yet', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (facts) => {
        const copies = await CopiesInMemory.holding(facts);
        copies.views['us-west-2'] = new MemoryViewStore();
        copies.coversUntilMs = Math.min(...facts.map(({ occurredAtMs }) => occurredAtMs));
        expect(await check(copies)).toEqual({ findings: [], notYet: facts.length });
      }),
      { numRuns: 20 },
    );
  });
});
