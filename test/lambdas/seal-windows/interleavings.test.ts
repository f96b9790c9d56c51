import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chainBreak, headAfter, NO_SEAL, type SealHead } from '../../../lambdas/domain/seal.ts';
import { NOON_MS, paid } from '../../contract/facts.ts';
import { nameOf, twoRegions } from './two-regions.ts';

/** Few enough that chains have several writers and facts. */
const ACCOUNTS = ['us_a', 'us_b', 'us_c', 'us_d'];
const tagOf = (n: number): string =>
  [...String(n).padStart(4, '0')].map((digit) => 'bcdefghijk'[Number(digit)]).join('');

const either = fc.constantFrom('east' as const, 'west' as const);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      account: fc.constantFrom(...ACCOUNTS),
      agoMs: fc.nat(90_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), to: either, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 70_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seal' as const), by: either }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seal-both' as const) }) },
);

test('whatever comes when: every fact is sealed once, the chains hold, and both Regions verify the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { shared, east, west } = twoRegions(NOON_MS);
      const regions = { east, west };
      let written = 0;
      for (const next of steps) {
        if (next.kind === 'pay') {
          await shared.append(paid(next.account, tagOf(written++), 5n, shared.clock.nowMs() - next.agoMs));
        } else if (next.kind === 'deliver') await regions[next.to].deliver(next.count);
        else if (next.kind === 'wait') shared.clock.currentMs += next.ms;
        else if (next.kind === 'seal') await regions[next.by].run();
        else await Promise.all([east.run(), west.run()]);
      }
      await Promise.all([east.deliver(), west.deliver()]);
      shared.clock.currentMs += 120_000;
      for (const region of [east, west]) await region.cover();
      for (const region of [east, west, east]) {
        const { counts, durations } = await region.run();
        expect([counts.get('SealDifferences'), counts.get('ViewFactsMended')]).toEqual([undefined, undefined]);
        expect(durations.get('OldestUnverifiedSealMs')).toEqual([0]);
      }
      const seals = await shared.allSeals();
      const sealed = seals.flatMap(({ members }) => members.map(({ accountId, key }) => `${accountId}|${key}`));
      expect(sealed.sort()).toEqual(shared.facts.map(nameOf).sort());
      const heads = new Map<number, SealHead>();
      for (const seal of seals) {
        const head = heads.get(seal.bucket) ?? NO_SEAL;
        expect(chainBreak(head, seal)).toBeUndefined();
        heads.set(seal.bucket, headAfter(seal));
      }
      expect(await east.work.heads()).toEqual(await west.work.heads());
      expect([east.unsealedCount(), west.unsealedCount()]).toEqual([0, 0]);
    }),
    { numRuns: 60 },
  );
}, 60_000);
