import { expect, test } from '@jest/globals';
import { isSkewed, LedgerProbe } from '../../../lambdas/health/ledger-probe.ts';
import type { HeartbeatResult, Heartbeats } from '../../../lambdas/ports/heartbeats.ts';
import { ManualClock } from '../harness/manual-clock.ts';

const START_MS = 1_793_491_200_000;
type Behaviour = 'written' | 'throttled' | 'refused' | 'silent';

class ScriptedHeartbeats implements Heartbeats {
  behaviour: Behaviour = 'written';
  clockSkewMs = 0;
  readonly beats: number[] = [];
  readonly waiting: (() => void)[] = [];

  async beat(index: number): Promise<HeartbeatResult> {
    this.beats.push(index);
    if (this.behaviour === 'refused') throw new Error('no quorum');
    if (this.behaviour === 'silent')
      await new Promise<void>((_, reject) => this.waiting.push(() => reject(new Error('late'))));
    return this.behaviour === 'throttled' ? { kind: 'throttled' } : { kind: 'written', clockSkewMs: this.clockSkewMs };
  }
}

const scenario = (answersWithinMs = 1_400) => {
  const clock = new ManualClock(START_MS);
  const heartbeats = new ScriptedHeartbeats();
  return {
    clock,
    heartbeats,
    probe: new LedgerProbe(heartbeats, clock, { cachedMs: 2_000, turnsAfterMs: 4_000, answersWithinMs }),
  };
};

test('a probe writes 4 keys, is kept for 2 s, and eight of them reach all 32', async () => {
  const { clock, heartbeats, probe } = scenario();
  expect(await probe.status()).toEqual({ kind: 'healthy', ledger: 'written', checkedAtMs: START_MS });
  clock.currentMs += 1_999;
  await probe.status();
  expect(heartbeats.beats).toEqual([0, 1, 2, 3]);
  for (let probes = 0; probes < 7; probes++) {
    clock.currentMs += 2_000;
    await probe.status();
  }
  expect(heartbeats.beats).toEqual(Array.from({ length: 32 }, (_, index) => index));
});

test('many checkers at once share one probe', async () => {
  const { heartbeats, probe } = scenario();
  await Promise.all(Array.from({ length: 16 }, () => probe.status()));
  expect(heartbeats.beats).toHaveLength(4);
});

test('turns 4 s after the last success, not before', async () => {
  const { clock, heartbeats, probe } = scenario();
  await probe.status();
  heartbeats.behaviour = 'refused';
  clock.currentMs = START_MS + 3_999;
  expect((await probe.status()).kind).toBe('healthy');
  clock.currentMs = START_MS + 4_000;
  expect(await probe.status()).toMatchObject({ kind: 'unhealthy', reason: 'ledger-unreachable' });
  heartbeats.behaviour = 'written';
  clock.currentMs = START_MS + 6_000;
  expect((await probe.status()).kind).toBe('healthy');
});

test('a cold worker whose first probe fails is unhealthy', async () => {
  const { heartbeats, probe } = scenario();
  heartbeats.behaviour = 'refused';
  expect(await probe.status()).toEqual({ kind: 'unhealthy', reason: 'ledger-unreachable', checkedAtMs: START_MS });
});

test('throttling is shared by both Regions: moving traffic makes it worse, so it is healthy', async () => {
  const { heartbeats, probe } = scenario();
  heartbeats.behaviour = 'throttled';
  expect(await probe.status()).toMatchObject({ kind: 'healthy', ledger: 'throttled' });
});

test('a store that never answers holds no checker: the last success counts until it is 4 s old', async () => {
  const { clock, heartbeats, probe } = scenario(20);
  await probe.status();
  heartbeats.behaviour = 'silent';
  clock.currentMs += 2_000;
  expect((await probe.status()).kind).toBe('healthy');
  clock.currentMs += 2_000;
  expect((await probe.status()).kind).toBe('unhealthy');
  expect(heartbeats.beats).toHaveLength(8);
});

test('a probe that was frozen with its worker and fails on waking is followed by another, not believed', async () => {
  const { clock, heartbeats, probe } = scenario(20);
  heartbeats.behaviour = 'silent';
  expect((await probe.status()).kind).toBe('unhealthy');
  heartbeats.behaviour = 'written';
  clock.currentMs += 60_000;
  const status = probe.status();
  for (const fail of heartbeats.waiting) fail();
  expect((await status).kind).toBe('healthy');
});

test('a clock more than 1 s off the store’s is unhealthy, beyond what the whole seconds of Date hide', async () => {
  const { heartbeats, probe } = scenario();
  heartbeats.clockSkewMs = 1_501;
  expect(await probe.status()).toMatchObject({ kind: 'unhealthy', reason: 'clock-skew' });
  const skewed = (...skewsMs: number[]) =>
    isSkewed(skewsMs.map((clockSkewMs) => ({ kind: 'written' as const, clockSkewMs })));
  expect([skewed(1_500), skewed(-1_500), skewed(-1_501), skewed(1_501, 1_400), skewed()]).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
});
