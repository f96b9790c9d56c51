// Owns the proof that whatever is damaged of a chain and its archives is found, named and put right while one copy of each seal is
// intact, and that nothing is changed where none is.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { objectKey } from '../../../lambdas/adapters/archived-seal.ts';
import { MemoryArchive } from '../../../lambdas/adapters/memory/archive.ts';
import { MemorySealLog } from '../../../lambdas/adapters/memory/seal-log.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import { headAfter, NO_SEAL, type Seal, sealBucketOf } from '../../../lambdas/domain/seal.ts';
import { lineName } from '../../../lambdas/ports/view-lines.ts';
import { type ChainFinding, checkChain } from '../../../lambdas/shared/integrity/check-chain.ts';
import { applyChainRemedy, chainRemedy } from '../../../lambdas/shared/integrity/repair-chain.ts';
import { account, DAY_MS, NOON_MS, paid } from '../../contract/facts.ts';
import { sealOf } from '../../contract/seal-facts.ts';

const BUCKET = sealBucketOf(account('us_chain'));
const TAGS = [...'abcdefghijklmnop'];
const STORES = ['ledger', 'us-east-1', 'us-west-2'] as const;
type Store = (typeof STORES)[number];
const FACTS = TAGS.map((tag, n) => paid('us_chain', tag, 5n, NOON_MS + n));

class Chains {
  readonly seals = new MemorySealLog();
  readonly archives = { 'us-east-1': new MemoryArchive(), 'us-west-2': new MemoryArchive() };
  readonly facts = new Map(FACTS.map((fact) => [lineName({ accountId: fact.accountId, key: keyOf(fact) }), fact]));

  /** A chain of seals with as many facts as `sizes` say. */
  static async of(sizes: readonly number[]): Promise<Chains> {
    const chains = new Chains();
    let [head, from] = [NO_SEAL, 0];
    for (const size of sizes) {
      const facts = FACTS.slice(from, from + size);
      if (facts.length === 0) break;
      const seal: Seal = sealOf(facts, head);
      await chains.seals.append(seal);
      for (const archive of Object.values(chains.archives)) await archive.put({ seal, facts });
      [head, from] = [headAfter(seal), from + size];
    }
    return chains;
  }

  get length(): number {
    return this.seals.chains.get(BUCKET)?.size ?? 0;
  }

  readonly repair = {
    chains: {
      seals: this.seals,
      archives: Object.entries(this.archives).map(([region, archive]) => ({ region, archive })),
    },
    items: {
      lines: async (places: readonly { readonly accountId: string; readonly key: string }[]) =>
        new Map(
          places.flatMap((place) => {
            const fact: Fact | undefined = this.facts.get(`${place.accountId}|${place.key}`);
            return fact === undefined ? [] : [[`${place.accountId}|${place.key}`, { kind: 'held', fact }] as const];
          }),
        ),
    },
  };

  harm(store: Store, ordinal: number, how: 'gone' | 'damaged'): void {
    const chain = this.seals.chains.get(BUCKET);
    if (store === 'ledger') {
      const stored = chain?.get(ordinal);
      if (how === 'gone' || stored === undefined) chain?.delete(ordinal);
      else chain?.set(ordinal, { ...stored, body: `${stored.body} ` });
      return;
    }
    const { objects } = this.archives[store];
    const key = objectKey(BUCKET, ordinal);
    if (how === 'gone') objects.delete(key);
    else objects.set(key, (objects.get(key) ?? '').replace('USD', 'USC'));
  }

  async findings(): Promise<readonly ChainFinding[]> {
    const found: ChainFinding[] = [];
    const check = {
      ...this.repair,
      region: 'us-east-1',
      heads: new Map(),
      concerns: () => true,
      nowMs: () => NOON_MS + DAY_MS,
    };
    for await (const { findings } of checkChain(check, BUCKET)) found.push(...findings);
    return found;
  }

  dump(): string {
    const sorted = (map: ReadonlyMap<unknown, unknown>) =>
      [...map].sort(([a], [b]) => (String(a).padStart(20) < String(b).padStart(20) ? -1 : 1));
    return JSON.stringify([
      sorted(this.seals.chains.get(BUCKET) ?? new Map()),
      ...Object.values(this.archives).map(({ objects }) => sorted(objects)),
    ]);
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 });
const wound = fc.record({
  store: fc.constantFrom(...STORES),
  how: fc.constantFrom('gone' as const, 'damaged' as const),
  pick: fc.nat(),
});

describe('any damage to a chain', () => {
  test('that leaves one copy of each seal intact is found, and everything is as it was', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(wound, { minLength: 1, maxLength: 10 }), async (some, wounds) => {
        const chains = await Chains.of(some);
        const [was, { length }] = [chains.dump(), chains];
        expect(await chains.findings()).toEqual([]);
        const harmed = new Map<number, Set<Store>>();
        for (const { store, how, pick } of wounds) {
          const ordinal = 1 + (pick % length);
          const stores = harmed.get(ordinal) ?? new Set<Store>();
          if (stores.has(store) || stores.size === STORES.length - 1) continue;
          harmed.set(ordinal, stores.add(store));
          chains.harm(store, ordinal, how);
        }
        const found = await chains.findings();
        const named = found.map(({ store, region, ordinal }) => `${store === 'seals' ? 'ledger' : region} ${ordinal}`);
        const expected = [...harmed].flatMap(([ordinal, stores]) => [...stores].map((store) => `${store} ${ordinal}`));
        expect(named.sort()).toEqual(expected.sort());
        for (const store of ['seals', 'archive'])
          for (const finding of found.filter((one) => one.store === store)) {
            const remedy = await chainRemedy(chains.repair, finding);
            expect(remedy).toBeDefined();
            if (remedy !== undefined) await applyChainRemedy(chains.repair, remedy);
          }
        expect(await chains.findings()).toEqual([]);
        expect(chains.dump()).toBe(was);
      }),
      { numRuns: 100 },
    );
  });

  test('of which no copy is intact is named, has no remedy, and hides nothing behind it', async () => {
    const chains = await Chains.of([2, 2, 2, 2]);
    for (const store of STORES) chains.harm(store, 2, 'gone');
    chains.harm('us-west-2', 4, 'damaged');
    const found = await chains.findings();
    expect(found.map(({ store, ordinal, problem }) => [store, ordinal, problem])).toEqual([
      ['seals', 2, 'seal 2 is in neither ledger nor archive'],
      ['archive', 4, expect.stringContaining('checksum does not match')],
    ]);
    expect(await Promise.all(found.map(async (one) => (await chainRemedy(chains.repair, one))?.kind))).toEqual([
      undefined,
      'object',
    ]);
  });

  test('archives that contradict each other put no seal back', async () => {
    const chains = await Chains.of([2, 2]);
    const other = sealOf([FACTS[2] as Fact], headAfter((await chains.seals.read(BUCKET, 1)) as Seal), 'us-west-2');
    await chains.archives['us-west-2'].rewrite({ seal: other, facts: [FACTS[2] as Fact] });
    chains.harm('ledger', 2, 'gone');
    const [finding] = await chains.findings();
    expect(finding).toMatchObject({ store: 'seals', ordinal: 2, kind: 'missing' });
    expect(await chainRemedy(chains.repair, finding as ChainFinding)).toBeUndefined();
  });
});

test('a ledger that holds another fact than was sealed, or none, is named with account and key', async () => {
  const chains = await Chains.of([2]);
  const [first, second] = FACTS.map((fact) => lineName({ accountId: fact.accountId, key: keyOf(fact) }));
  chains.facts.delete(first ?? '');
  chains.facts.set(second ?? '', { ...(FACTS[1] as (typeof FACTS)[number]), method: 'other' });
  expect((await chains.findings()).map(({ accountId, key, kind }) => [`${accountId}|${key}`, kind])).toEqual([
    [first, 'missing'],
    [second, 'differs'],
  ]);
});
