import { describe, expect, test } from '@jest/globals';
import type { ControlState, RegionState } from '../../../local/control/state.ts';
import type { AuditReport, Live, RegionTraffic } from '../../../local/control-room/live.ts';
import { marksOf } from '../../../local/control-room/page/happening-marks.ts';
import { counted, duration, perSecond, timeOfDay } from '../../../local/control-room/page/numbers.ts';
import { Timeline } from '../../../local/control-room/page/timeline.ts';
import {
  auditWords,
  corruptionWords,
  floodWords,
  poisonWords,
  queueWords,
  quorum,
  regionStatus,
  verdict,
} from '../../../local/control-room/page/words.ts';

const UP: RegionState = {
  process: 'up',
  network: 'connected',
  health: 'healthy',
  checkers: { healthy: 16, total: 16 },
  evacuated: false,
  viewLagMs: 0,
};
const KILLED: RegionState = { ...UP, process: 'down', health: 'unhealthy' };
const CUT_OFF: RegionState = { ...UP, network: 'isolated', health: 'unhealthy' };
const AUDIT: AuditReport = {
  begun: 0,
  acknowledged: 0,
  checked: 0,
  settled: 0,
  lost: 0,
  doubled: 0,
  damaged: 0,
  oldestLookMs: null,
  trouble: null,
};
const QUIET: RegionTraffic = {
  share: 0,
  perSecond: 0,
  refusedPerSecond: 0,
  failedPerSecond: 0,
  p50Ms: null,
  p99Ms: null,
};

interface World {
  readonly east?: RegionState;
  readonly west?: RegionState;
  readonly answer?: string | null;
  readonly failing?: number;
  readonly alarms?: readonly object[];
  readonly audit?: Partial<AuditReport>;
}

const live = ({ east = UP, west = UP, answer = 'us-east-1', failing = 0, audit = {}, alarms = [] }: World): Live =>
  ({
    state: {
      regions: { 'us-east-1': east, 'us-west-2': west },
      dns: { answer, target: 't', ttlSeconds: 5 },
      alarms,
    } as unknown as ControlState,
    audit: { ...AUDIT, ...audit },
    traffic: { regions: { 'us-east-1': { ...QUIET, failedPerSecond: failing } } },
  }) as unknown as Live;

describe('the verdict', () => {
  test.each<[string, World, string, string]>([
    ['all well', {}, 'good', 'Both Regions serve. DNS leads payers to us-east-1.'],
    [
      'killed, and DNS does not know',
      { east: KILLED },
      'bad',
      'us-east-1: killed. DNS still leads payers there: they fail until health checks have seen it.',
    ],
    [
      'killed, DNS has moved, its TTL has not passed',
      { east: KILLED, answer: 'us-west-2', failing: 2 },
      'warn',
      'us-east-1: killed. DNS leads payers to us-west-2: they follow within its TTL, 5 s.',
    ],
    [
      'killed and moved',
      { east: KILLED, answer: 'us-west-2' },
      'warn',
      'us-east-1: killed. DNS leads payers to us-west-2: payments go on.',
    ],
    [
      'the other one cut off',
      { west: CUT_OFF },
      'warn',
      'us-west-2: cut off. DNS leads payers to us-east-1: payments go on.',
    ],
    [
      'both gone',
      { east: KILLED, west: CUT_OFF, answer: 'us-west-2' },
      'bad',
      'us-east-1: killed; us-west-2: cut off. No Region can take payments.',
    ],
    [
      'no answer',
      { east: { ...UP, health: 'unhealthy' }, answer: null },
      'bad',
      'us-east-1: up, not yet healthy. No Region can take payments.',
    ],
    [
      'an alarm that wakes somebody, and others',
      {
        alarms: [
          { tier: 'P0', state: 'ALARM' },
          { tier: 'P0', state: 'OK' },
          { tier: 'P1', state: 'ALARM' },
        ],
      },
      'warn',
      'Both Regions serve. DNS leads payers to us-east-1. 1 P0 alarm rings.',
    ],
    ['a loss comes before all', { audit: { lost: 1 } }, 'bad', '1 lost and 0 doubled: a promise is broken.'],
  ])('%s', (_, world, mood, words) => {
    expect(verdict(live(world))).toEqual({ mood, words });
  });

  test('without a state', () => {
    const { state: _, ...without } = live({});
    expect(verdict(without)).toEqual({ mood: 'bad', words: 'The ledger process does not answer.' });
  });
});

test('a Region is said to be evacuated or not yet healthy when it is', () => {
  expect(regionStatus({ ...UP, evacuated: true })).toEqual({ words: 'Evacuated', mood: 'warn' });
  expect(regionStatus({ ...UP, health: 'unhealthy' })).toEqual({ words: 'Up, not yet healthy', mood: 'warn' });
});

test('a quorum is two of the three', () => {
  const of = (east: RegionState, west: RegionState) => quorum({ 'us-east-1': east, 'us-west-2': west });
  expect(of(UP, UP)).toEqual({ words: '3 of 3 members agree on each payment', mood: 'good' });
  expect(of(KILLED, UP)).toEqual({ words: '2 of 3 members agree on each payment', mood: 'warn' });
  expect(of(KILLED, CUT_OFF)).toEqual({ words: 'no quorum: no payment can be accepted', mood: 'bad' });
});

test('the audit says how much of what it looked up, or why it could not', () => {
  expect(auditWords(AUDIT)).toMatch(/^Start the payers/);
  const some = { ...AUDIT, begun: 1_300, acknowledged: 1_204, checked: 1_190 };
  expect(auditWords(some)).toBe('1,190 of 1,204 receipts looked up in the ledger, past the application.');
  expect(auditWords({ ...some, oldestLookMs: 3_210 })).toBe(
    '1,190 of 1,204 receipts looked up in the ledger, past the application; every account within the last 3.2 s.',
  );
  expect(auditWords({ ...some, trouble: 'no Region is up' })).toBe('The ledger could not be read: no Region is up.');
});

test('a queue is empty, or says what lies on it and for how long', () => {
  const queue = {
    region: 'us-east-1',
    slug: 'settlements',
    visible: 0,
    inFlight: 0,
    delayed: 0,
    oldestAgeMs: 0,
    dlq: 0,
  };
  expect(queueWords(queue)).toBe('empty');
  expect(queueWords({ ...queue, visible: 2, inFlight: 1, oldestAgeMs: 61_000, dlq: 3 })).toBe(
    '2 waiting, 1 in flight, oldest 1 min 01 s, 3 dead letters',
  );
  expect(queueWords({ ...queue, dlq: 1 })).toBe('1 dead letter');
});

test('experiments say what came of them', () => {
  const flood = { running: true, perSecond: 20, lastsSeconds: 10, sent: 200, accepted: 55, refused: 145, failed: 0 };
  expect(floodWords(flood)).toBe('Under way. 200 payments sent: 55 accepted, 145 refused, 0 failed.');
  expect(floodWords({ ...flood, running: false })).toMatch(/^Over\. /);
  expect(floodWords({ ...flood, running: false, sent: 0 })).toBe(
    'One account pays 20 times a second for 10 s: it is refused, nobody else is.',
  );
  const bit = {
    region: 'us-east-1',
    where: 'view' as const,
    account: 'us_a',
    key: 'p#pay_kekp22kgabc#000',
    sinceMs: 1_000,
    mendedAfterMs: null,
  };
  expect(corruptionWords(bit, 5_200)).toBe(
    'pay_kekp22kg… in the view of us-east-1 has been wrong for 4.2 s; waiting for a scrubber.',
  );
  expect(corruptionWords({ ...bit, where: 'ledger', mendedAfterMs: 6_100 }, 60_000)).toBe(
    'pay_kekp22kg… in the ledger was put right by a scrubber after 6.1 s.',
  );
  expect(poisonWords([{ region: 'us-east-1', queue: 'settlements', messages: 2 }])).toMatch(
    /^2 poison messages on settlements of us-east-1\. /,
  );
});

test('numbers have units', () => {
  expect([counted(1, 'payment'), counted(1_204, 'payment'), perSecond(4)]).toEqual([
    '1 payment',
    '1,204 payments',
    '4.0/s',
  ]);
  expect([12.4, 999.6, 4_200, 185_000, 7_800_000].map(duration)).toEqual([
    '12 ms',
    '1.0 s',
    '4.2 s',
    '3 min 05 s',
    '2 h 10 min',
  ]);
  expect(timeOfDay(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('03:04:05');
});

test('the timeline keeps five minutes, and a gap where nobody looked', () => {
  const timeline = new Timeline(['us-east-1']);
  const at = (atMs: number) =>
    timeline.add({ atMs, answered: { 'us-east-1': 4 }, refused: 1, failed: 2, viewLagMs: { 'us-east-1': 1_500 } });
  at(1_000);
  at(2_000);
  at(10_000);
  expect(timeline.requests()).toEqual([
    [1, 2, 2.001, 10],
    [4, 4, null, 4],
    [1, 1, null, 1],
    [2, 2, null, 2],
  ]);
  expect(timeline.lags()[1]).toEqual([1.5, 1.5, null, 1.5]);
  at(305_000);
  expect(timeline.requests()[0]).toEqual([10, 10.001, 305]);
});

test('marked in the timeline are processes, networks and DNS, the oldest first', () => {
  const happening = (atMs: number, subject: string, now: string) => ({ atMs, subject, before: 'x', now });
  expect(
    marksOf([
      happening(3_000, 'DNS answer', 'us-west-2'),
      happening(2_000, 'P0 region-unhealthy of us-east-1', 'ALARM'),
      happening(1_000, 'process of us-east-1', 'killed'),
    ]),
  ).toEqual([
    { atSeconds: 1, words: 'us-east-1 killed' },
    { atSeconds: 3, words: 'DNS: us-west-2' },
  ]);
});
