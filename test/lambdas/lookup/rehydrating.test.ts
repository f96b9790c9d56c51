import { beforeEach, describe, expect, test } from '@jest/globals';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { RegionStateUnavailable } from '../../../lambdas/ports/region-state.ts';
import { HEARTBEAT_KEYS } from '../../../lambdas/shared/names.ts';
import { calls, memoryStores, NOON_MS, type TestRegion, testRegion } from '../harness/region.ts';

const HOUR_MS = 3_600_000;
let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;
const look = (below = '', more: object = {}) => region.call(calls.look(below, more));

/** A view that has seen the account's opening and a bill, and missed a payment and an adjustment. */
beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open());
  await region.call(calls.bill('b', '2026-10', 1_000));
  await region.project();
  await region.call(calls.pay('p', 300));
  await region.call(calls.adjust('x', 50));
});
const cutOff = async (): Promise<never> => {
  throw new LedgerUnavailable('not-attempted', 'no quorum', 'refused');
};
const isolate = () => {
  const ledger = { ...stores.ledger, readFact: cutOff, readStream: cutOff, readAccount: cutOff };
  region = testRegion({ ...stores, ledger: ledger as never }, 'us-east-1', region.clock);
};

describe('a view that is being rebuilt', () => {
  beforeEach(async () => {
    await stores.rehydrations.begin('stream-gap', NOON_MS, 'none');
  });

  test('is not asked: every answer is read strongly, and nothing in it is stale', async () => {
    const answer = await look();
    expect(answer.body.balanceMinor).toBe(750);
    expect(answer.headers['Baseload-Staleness-Ms']).toBe('0');
    expect((await look('/balance')).body.balanceMinor).toBe(750);
    expect((await look('/statement')).body.lines).toHaveLength(3);
    expect((await look('/bills')).body.bills).toHaveLength(1);
    expect(region.telemetry.counts.get('ViewFallbacks')).toBe(4);
  });

  test('a balance of a minute ago is final: the ledger knows of all that was before', async () => {
    region.clock.currentMs = NOON_MS + 120_000;
    const asOf = new Date(NOON_MS + 30_000).toISOString();
    expect((await look('/balance', { query: { asOf } })).body).toMatchObject({ balanceMinor: 750, provisional: false });
  });

  test('an isolated Region answers 503: what it has is known to lack facts', async () => {
    isolate();
    const answer = await look();
    expect([answer.status, answer.body.type, answer.headers['Retry-After']]).toEqual([503, 'not-yet-visible', '1']);
  });

  test('an account of more facts than one lookup may read has to wait', async () => {
    const { facts } = await stores.ledger.readAccount('us_a' as never, { limit: 1 });
    stores.ledger.readAccount = async () => ({ facts: Array(500).fill(facts[0]), cursor: 'more' });
    const answer = await look();
    expect([answer.status, answer.body.type, answer.headers['Retry-After']]).toEqual([503, 'not-yet-visible', '1']);
    expect(answer.body.detail).toBe('The account has more than 2000 facts: try again');
  });

  test('once it is whole it is asked again', async () => {
    expect((await look()).headers['Baseload-Staleness-Ms']).toBe('0');
    await region.project();
    for (const segment of [0, 1, 2, 3]) {
      const step = { from: { kind: 'start' }, to: { kind: 'done' }, applied: 1, corrupt: 0 } as const;
      await stores.rehydrations.advance({ startedAtMs: NOON_MS }, segment, step);
    }
    await stores.rehydrations.finish({ startedAtMs: NOON_MS });
    region.clock.currentMs += 2_000;
    expect((await look()).body.balanceMinor).toBe(750);
    expect(region.telemetry.counts.get('ViewFallbacks')).toBe(1);
  });
});

describe('whether a view is being rebuilt', () => {
  test('is asked for every two seconds, and whenever a watermark has moved', async () => {
    let reads = 0;
    const { read } = Object.getPrototypeOf(stores.rehydrations) as typeof stores.rehydrations;
    stores.rehydrations.read = () => {
      reads += 1;
      return read.call(stores.rehydrations);
    };
    const readsOf = async (laterMs: number) => {
      reads = 0;
      region.clock.currentMs += laterMs;
      await look();
      return reads;
    };
    expect([await readsOf(0), await readsOf(900), await readsOf(900), await readsOf(200)]).toEqual([1, 0, 0, 1]);
    await stores.regionState.advanceWatermark('us-east-1', 0, NOON_MS);
    // The watermark itself is read once a second.
    expect([await readsOf(1_000), await readsOf(500)]).toEqual([1, 0]);
  });

  test('stays what it was while that cannot be read', async () => {
    await stores.rehydrations.begin('stream-gap', NOON_MS, 'none');
    expect((await look()).body.balanceMinor).toBe(750);
    stores.rehydrations.read = () => Promise.reject(new RegionStateUnavailable('throttled'));
    region.clock.currentMs += 5_000;
    expect((await look()).body.balanceMinor).toBe(750);
  });
});

describe('a view older than its stream reaches back', () => {
  beforeEach(async () => {
    for (let key = 0; key < HEARTBEAT_KEYS; key++) await stores.regionState.advanceWatermark('us-east-1', key, NOON_MS);
    region.clock.currentMs = NOON_MS + 7 * HOUR_MS;
  });

  test('is not believed, before anybody could mark it', async () => {
    const answer = await look();
    expect([answer.body.balanceMinor, answer.headers['Baseload-Staleness-Ms']]).toEqual([750, '0']);
  });

  test('is what an isolated Region shows, and says how old it is', async () => {
    isolate();
    const answer = await look();
    expect([answer.body.balanceMinor, answer.headers['Baseload-Staleness-Ms']]).toEqual([1_000, '25200000']);
  });
});

describe('a view of which one shard has never been heard', () => {
  const heardOf = async (keys: number) => {
    region.clock.currentMs = NOON_MS + 10_000;
    for (let key = 0; key < keys; key++) await stores.regionState.advanceWatermark('us-east-1', key, NOON_MS + 9_000);
  };

  test('is not believed, however fresh the others are', async () => {
    await heardOf(HEARTBEAT_KEYS - 1);
    const answer = await look();
    expect([answer.body.balanceMinor, answer.headers['Baseload-Staleness-Ms']]).toEqual([750, '0']);
  });

  test('is what an isolated Region shows, as old as time', async () => {
    await heardOf(HEARTBEAT_KEYS - 1);
    isolate();
    const answer = await look();
    expect([answer.body.balanceMinor, answer.headers['Baseload-Staleness-Ms']]).toEqual([
      1_000,
      String(NOON_MS + 10_000),
    ]);
  });

  test('is believed once each has', async () => {
    await heardOf(HEARTBEAT_KEYS);
    const answer = await look();
    expect([answer.body.balanceMinor, answer.headers['Baseload-Staleness-Ms']]).toEqual([1_000, '1000']);
  });
});
