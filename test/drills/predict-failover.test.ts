import { expect, test } from '@jest/globals';
import { type FailoverModel, predictFailover } from '../../local/route53/predict-failover.ts';

const AS_DEPLOYED: FailoverModel = {
  requestIntervalSeconds: 10,
  failureThreshold: 1,
  checkers: 16,
  healthyShare: 0.18,
  propagationMs: { shortest: 2_000, longest: 10_000 },
  ttlSeconds: 5,
  payers: 5,
  retryPauseMs: 500,
  failsAfterMs: 0,
};

/** The same by drawing: no shared code with the model's sums. */
const drawn = (model: FailoverModel, share: number): number => {
  let seed = 42;
  const random = (): number => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return seed / 4_294_967_296;
  };
  const once = (): number => {
    const phases = Array.from({ length: 16 }, () => random() * 10_000).sort((one, other) => one - other);
    const left = Array.from({ length: model.payers }, () => random() * model.ttlSeconds * 1_000);
    // The fourteenth of sixteen: then two are left, which is 12.5 %, and no more than 18 %.
    return (phases[13] ?? 0) + 2_000 + random() * 8_000 + Math.max(...left) + random() * model.retryPauseMs;
  };
  const times = Array.from({ length: 20_000 }, once).sort((one, other) => one - other);
  return times[Math.floor(times.length * share)] ?? 0;
};

test('the percentiles are those of drawing the same times', () => {
  const { p50Ms, p99Ms } = predictFailover(AS_DEPLOYED);
  expect(Math.abs(p50Ms - drawn(AS_DEPLOYED, 0.5))).toBeLessThan(150);
  expect(Math.abs(p99Ms - drawn(AS_DEPLOYED, 0.99))).toBeLessThan(300);
  expect([p50Ms, p99Ms]).toEqual([18_630, 23_670]);
});

test('two more looks cost twenty seconds, a fault seen later as much as it is later', () => {
  expect(predictFailover({ ...AS_DEPLOYED, failureThreshold: 3 })).toEqual({ p50Ms: 38_630, p99Ms: 43_670 });
  expect(predictFailover({ ...AS_DEPLOYED, failsAfterMs: 4_000 })).toEqual({ p50Ms: 22_630, p99Ms: 27_670 });
});

test('a shorter TTL and a shorter interval are shorter failovers', () => {
  expect(predictFailover({ ...AS_DEPLOYED, ttlSeconds: 1 }).p50Ms).toBeLessThan(15_500);
  expect(predictFailover({ ...AS_DEPLOYED, requestIntervalSeconds: 30 }).p50Ms).toBeGreaterThan(34_000);
});
