// Owns the proof that the limit of an account holds over any number of workers, to within what each lets through unasked.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type Admission,
  judgeTotal,
  meetRequest,
  type Seen,
  UNASKED_REQUESTS,
  windowStartMs,
} from '../../lambdas/domain/account-limit.ts';

const START_MS = 1_790_000_000_000;

describe('one worker', () => {
  test('lets five through unasked, then reports all it has seen, then each', () => {
    let seen: Seen | undefined;
    const steps = Array.from({ length: 8 }, () => {
      const meeting = meetRequest(seen, START_MS + 1, 50);
      seen = meeting.seen;
      return meeting.kind === 'ask' ? meeting.report : meeting.admission;
    });
    expect(steps).toEqual([...[49, 48, 47, 46, 45].map((remaining) => ({ kind: 'admitted', remaining })), 6, 1, 1]);
  });

  test('refuses without asking once the limit is known to be reached, until the window is over', () => {
    const full: Seen = { windowStartMs: START_MS, requests: 9, reported: 9, total: 50 };
    expect(meetRequest(full, START_MS + 7_001, 50)).toMatchObject({
      kind: 'decided',
      admission: { kind: 'refused', retryAfterSeconds: 3 },
    });
    expect(meetRequest(full, START_MS + 10_000, 50)).toEqual({
      kind: 'decided',
      seen: { windowStartMs: START_MS + 10_000, requests: 1, reported: 0, total: 0 },
      admission: { kind: 'admitted', remaining: 49 },
    });
  });

  test.each<[number, Admission]>([
    [50, { kind: 'admitted', remaining: 0 }],
    [51, { kind: 'refused', retryAfterSeconds: 10 }],
  ])('at a total of %i of 50', (total, admission) => {
    expect(judgeTotal(total, START_MS, 50)).toEqual(admission);
  });
});

test('however the requests fall on N workers, a window admits at most the limit and five a worker, at least the limit less five a worker', () => {
  const request = fc.record({ worker: fc.nat(7), afterMs: fc.nat(200) });
  void fc.assert(
    fc.property(fc.array(request, { maxLength: 400 }), fc.integer({ min: 20, max: 60 }), (requests, limit) => {
      const workers = new Map<number, Seen>();
      const totals = new Map<number, number>();
      const admitted = new Map<number, number>();
      const made = new Map<number, number>();
      let nowMs = START_MS;
      for (const { worker, afterMs } of requests) {
        nowMs += afterMs;
        const window = windowStartMs(nowMs);
        const meeting = meetRequest(workers.get(worker), nowMs, limit);
        workers.set(worker, meeting.seen);
        let { admission } = meeting as { admission?: Admission };
        if (meeting.kind === 'ask') {
          const total = (totals.get(window) ?? 0) + meeting.report;
          totals.set(window, total);
          workers.set(worker, { ...meeting.seen, total });
          admission = judgeTotal(total, nowMs, limit);
        }
        made.set(window, (made.get(window) ?? 0) + 1);
        if (admission?.kind === 'admitted') admitted.set(window, (admitted.get(window) ?? 0) + 1);
      }
      for (const [window, count] of made) {
        expect(admitted.get(window) ?? 0).toBeLessThanOrEqual(limit + 8 * UNASKED_REQUESTS);
        expect(admitted.get(window) ?? 0).toBeGreaterThanOrEqual(Math.min(count, limit - 8 * UNASKED_REQUESTS));
      }
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
});
