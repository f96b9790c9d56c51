import { beforeEach, expect, test } from '@jest/globals';
import { RegionStateUnavailable } from '../../../lambdas/ports/region-state.ts';
import { memoryStores, type TestRegion, testRegion } from '../harness/region.ts';

let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;
beforeEach(() => {
  stores = memoryStores();
  region = testRegion(stores);
});

const health = () => region.call({ routeKey: 'GET /health', claims: null });
const evacuated = (of: string) =>
  region.call({ routeKey: 'GET /evacuated/{region}', path: { region: of }, claims: null });

test('a Region that writes and reads its ledger is healthy', async () => {
  const answer = await health();
  expect([answer.status, answer.body]).toEqual([
    200,
    { status: 'healthy', region: 'us-east-1', ledger: 'written', checkedAt: '2026-11-02T12:00:00.000Z' },
  ]);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect([...stores.heartbeats.written.keys()]).toEqual([0, 1, 2, 3]);
});

test('one that cannot says so, why, and when to ask again', async () => {
  stores.heartbeats.beat = () => Promise.reject(new Error('no quorum'));
  const answer = await health();
  expect([answer.status, answer.body, answer.headers['Retry-After']]).toEqual([
    503,
    { status: 'unhealthy', region: 'us-east-1', reason: 'ledger-unreachable', checkedAt: '2026-11-02T12:00:00.000Z' },
    '2',
  ]);
  expect(region.telemetry.counts.get('RegionHealthy')).toBe(0);
});

test('the peer is found as evacuated only while it is', async () => {
  const statuses = async () => [(await evacuated('us-west-2')).status, (await evacuated('us-east-1')).status];
  expect(await statuses()).toEqual([404, 404]);
  await stores.regionState.setEvacuated('us-west-2', true);
  expect(await statuses()).toEqual([200, 404]);
  await stores.regionState.setEvacuated('us-west-2', false);
  expect(await statuses()).toEqual([404, 404]);
});

test('a Region never says of itself or of a stranger that it is evacuated', async () => {
  for (const stranger of ['us-east-1', 'eu-west-1', '', 'us-west-2#']) {
    await stores.regionState.setEvacuated(stranger, true);
    expect((await evacuated(stranger)).body).toMatchObject({ type: 'region-not-evacuated', status: 404 });
  }
});

test('evacuation needs no ledger, and a page that cannot be read is not 200', async () => {
  stores.heartbeats.beat = () => Promise.reject(new Error('no quorum'));
  await stores.regionState.setEvacuated('us-west-2', true);
  expect((await evacuated('us-west-2')).status).toBe(200);
  stores.regionState.isEvacuated = () => Promise.reject(new RegionStateUnavailable('no answer'));
  expect((await evacuated('us-west-2')).status).toBe(503);
});
