// Owns the proof of what `status` shows of two Regions, of what it says when a part is not well or does not answer, and how it ends.
// Leaves to test/proofs/evacuation.test.ts a look at running Regions.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { wrapped } from '../../cli/status/render.ts';
import { DynamoRehydrations } from '../../lambdas/adapters/dynamo/rehydration.ts';
import { DynamoSealWork } from '../../lambdas/adapters/dynamo/seal-work.ts';
import { TABLES } from '../engine/tables.ts';
import { baseload } from './two-regions.ts';
import { watchedRegions } from './watched-regions.ts';

const regions = watchedRegions();
const [EAST, WEST] = ['us-east-1', 'us-west-2'] as const;
const WINDOW_END_MS = Date.parse('2026-10-15T12:00:00Z');
const NO_SEAL = { ordinal: 0, hash: '' };
const head = (ordinal: number, windowEndMs = WINDOW_END_MS) => ({ ordinal, hash: `h${ordinal}`, windowEndMs });
const seals = (region: string) => new DynamoSealWork(regions.dynamoIn(region), TABLES.sealWork);

beforeEach(async () => {
  const { world } = regions;
  world.unhealthy.clear();
  world.down.clear();
  world.alarms = [];
  world.deployments = [];
  world.queues = [{ region: EAST, slug: 'notices', visible: 0, inFlight: 0, delayed: 0, oldestAgeMs: 0, dlq: 0 }];
  for (const region of [EAST, WEST]) {
    const state = regions.stateIn(region);
    await state.setEvacuated(region === EAST ? WEST : EAST, false);
    const nowMs = Date.now();
    for (const heard of [EAST, WEST])
      for (let key = 0; key < 32; key++) await state.advanceWatermark(heard, key, nowMs);
    await new DynamoRehydrations(regions.dynamoIn(region), TABLES.regionState).declareCurrent(nowMs, 4);
    await seals(region).advance(7, NO_SEAL, head(1));
  }
});

const status = (...args: readonly string[]) => baseload(['status', '--control', regions.control, ...args]);
const rowsOf = (printed: readonly string[]) =>
  Object.fromEntries(printed.slice(3, 13).map((line) => [line.slice(0, 14).trim(), line.slice(14).split(/\s{2,}/)]));

test('all is well: two columns, nothing below, exit 0', async () => {
  const { code, printed, noted, asked } = await status();
  expect([code, noted, asked]).toEqual([0, [], []]);
  expect(printed[0]).toMatch(/^Baseload us, local, \d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(printed[2]?.split(/\s+/)).toEqual(['', EAST, WEST]);
  expect(rowsOf(printed)).toEqual({
    health: ['healthy', 'healthy'],
    'DNS near it': ['leads to it', 'leads to it'],
    evacuated: ['no', 'no'],
    view: [expect.stringMatching(/^\d s behind$/), expect.stringMatching(/^\d s behind$/)],
    'of its peer': [expect.stringMatching(/^\d s behind$/), expect.stringMatching(/^\d s behind$/)],
    'view rebuild': ['whole', 'whole'],
    seals: ['1 chains, to 10-15 12:00', '1 chains, to 10-15 12:00'],
    alarms: ['quiet', 'quiet'],
    queues: ['empty', 'empty'],
    deploys: ['none under way', 'none under way'],
  });
  expect(printed).toHaveLength(13);
});

test('deployments under way are shown in their Region, those that have ended are not', async () => {
  const group = {
    creator: 'user',
    from: '1',
    to: '2',
    createdAtMs: 0,
    taken: { byOld: 0, byNew: 0 },
    region: WEST,
  } as const;
  regions.world.deployments = [
    { ...group, id: 'd-1', group: 'lookup', status: 'Stopped' },
    { ...group, id: 'd-2', group: 'payments', status: 'InProgress' },
  ];
  const { deploys } = rowsOf((await status()).printed);
  expect([deploys?.[0], deploys?.[1]]).toEqual(['none under way', expect.stringMatching(/^payments\b/)]);
});

describe('what is not well is said below, and the exit code is 1', () => {
  const wrongOf = async () => {
    const { code, printed } = await status('--json');
    expect(code).toBe(1);
    return JSON.parse(printed.join('')).wrong;
  };

  test('an evacuated Region, and DNS that has left it', async () => {
    await regions.stateIn(WEST).setEvacuated(EAST, true);
    expect(await wrongOf()).toEqual(['us-east-1 evacuated: yes']);
    expect(rowsOf((await status()).printed)['DNS near it']).toEqual(['leads to us-west-2', 'leads to it']);
  });

  test('DNS that still leads to a Region that is not healthy', async () => {
    regions.world.unhealthy.add(EAST);
    regions.world.dnsStands = true;
    expect(await wrongOf()).toEqual([
      'us-east-1 health: not healthy; 0 of 16 checkers find it healthy',
      'us-east-1 DNS near it: still leads to it',
    ]);
    regions.world.dnsStands = false;
  });

  test('alarms by tier, messages that were given up, a view that is rebuilt', async () => {
    const alarm = (slug: string, tier: 'P0' | 'P1') =>
      ({ slug, tier, region: WEST, state: 'ALARM', sinceMs: 1 }) as const;
    regions.world.alarms = [alarm('ledger-refusals', 'P0'), alarm('replication-lag', 'P1'), alarm('clock-skew', 'P1')];
    regions.world.queues = [
      { region: EAST, slug: 'notices', visible: 3, inFlight: 0, delayed: 0, oldestAgeMs: 90_000, dlq: 2 },
    ];
    await new DynamoRehydrations(regions.dynamoIn(EAST), TABLES.regionState).begin('asked', Date.now(), 'done');
    expect(await wrongOf()).toEqual([
      'us-east-1 view rebuild: under way, 0 facts; because of: asked',
      'us-east-1 queues: 3 waiting, oldest 90 s; 2 given up; 2 in the dead-letter queue of notices',
      'us-west-2 alarms: P0 1, P1 2; P0 ledger-refusals; P1 replication-lag, clock-skew',
    ]);
    const rehydrations = new DynamoRehydrations(regions.dynamoIn(EAST), TABLES.regionState);
    const run = await rehydrations.read();
    for (const segment of [0, 1, 2, 3])
      await rehydrations.advance(run ?? { startedAtMs: 0 }, segment, {
        from: { kind: 'start' },
        to: { kind: 'done' },
        applied: 0,
        corrupt: 0,
      });
    await rehydrations.finish(run ?? { startedAtMs: 0 });
  });

  test('a chain of seals in which the other Region is far ahead', async () => {
    await seals(WEST).advance(7, head(1), head(2));
    expect(await wrongOf()).toEqual([expect.stringMatching(/^us-east-1 seals: 1 chains behind, \d+ h at most$/)]);
    await seals(EAST).advance(7, head(1), head(2));
  });
});

describe('what does not answer is unknown, with the reason', () => {
  test('the tables of a Region: everything else is shown, exit 2', async () => {
    regions.world.tablesAway.add(EAST);
    const { code, printed, noted } = await status('--json');
    regions.world.tablesAway.clear();
    const { unknown, wrong } = JSON.parse(printed.join(''));
    expect([code, wrong]).toEqual([2, []]);
    expect(noted).toEqual([`baseload: could not look at ${unknown.length}`]);
    expect(unknown.map((line: string) => line.split(':')[0])).toEqual([
      'us-east-1 view',
      'us-east-1 of its peer',
      'us-east-1 view rebuild',
      'us-east-1 seals',
      'us-west-2 evacuated',
    ]);
    expect(unknown[0]).toMatch(/^us-east-1 view: unknown; .+/);
  }, 60_000);

  test('a Region that is down is not well, and so is the answer', async () => {
    regions.world.down.add(EAST);
    regions.world.unhealthy.add(EAST);
    const { code, printed } = await status();
    expect(code).toBe(1);
    expect(printed.slice(13)).toEqual([
      '',
      'Not well:',
      'us-east-1 health: not healthy; its process is down',
      '',
      'Unknown:',
      'us-east-1 alarms: unknown; its process is down',
      'us-east-1 queues: unknown; its process is down',
    ]);
  });

  test('nobody there at all', async () => {
    expect(await baseload(['status', '--control', 'http://127.0.0.1:9'])).toMatchObject({ code: 2, printed: [] });
  });
});

test('no line is wider than a screen of 100 columns', async () => {
  const alarm = (index: number) =>
    ({ slug: `a-long-name-of-an-alarm-${index}`, tier: 'P1', region: EAST, state: 'ALARM', sinceMs: 1 }) as const;
  regions.world.alarms = Array.from({ length: 12 }, (_, index) => alarm(index));
  const { printed } = await status();
  expect(Math.max(...printed.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(printed.join(' ')).toContain('a-long-name-of-an-alarm-11');
  expect(wrapped('x'.repeat(150))).toEqual(['x'.repeat(100), 'x'.repeat(50)]);
});
