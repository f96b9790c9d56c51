import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { OpenLoad } from '../../drills/load/open-load.ts';
import type { Payer, Sending } from '../../drills/load/payer.ts';

const RECEIPT = { paymentId: 'pay_a', position: 'p' };

const payer = (send: (sending: number) => Promise<Sending>): Payer => {
  let sendings = 0;
  return { send: () => send(sendings++), close: () => undefined };
};
const paying = payer(async () => ({ kind: 'acknowledged', receipt: RECEIPT }));

test('payers go on arriving while nobody is answered, and what they wait counts from when they were due', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const stalled = payer(async () => {
    await answered;
    return { kind: 'acknowledged', receipt: RECEIPT };
  });
  const load = new OpenLoad({
    payers: { dns: [stalled], 'dns-kept': [paying], library: [paying] },
    accounts: ['us_a', 'us_b'],
    perSecond: 20,
  });
  const waiting = () => load.arrivals.filter(({ kind }) => kind === 'dns');
  while (waiting().length < 12) await pause(10);
  const answeredMs = Date.now();
  answer();
  await load.stop(10_000);
  const waits = waiting().map((one) => Number(one.acknowledgedMs) - one.dueMs);
  expect(waits[0]).toBeGreaterThanOrEqual(answeredMs - Number(waiting()[0]?.dueMs));
  expect(waits[0]).toBeGreaterThan(500);
  expect(waits.slice(0, 12)).toEqual(waits.slice(0, 12).sort((a, b) => b - a));
  expect(new Set(load.arrivals.map(({ amountMinor }) => amountMinor)).size).toBe(load.arrivals.length);
});

test('who is refused tries again with the same key until paid; who is still refused at the end stays unpaid', async () => {
  const keys: string[] = [];
  const third: Payer = {
    send: async ({ idempotencyKey }) => {
      keys.push(idempotencyKey);
      return keys.length < 3 ? { kind: 'refused', what: '503' } : { kind: 'acknowledged', receipt: RECEIPT };
    },
    close: () => undefined,
  };
  const never = payer(async () => ({ kind: 'refused', what: 'ECONNREFUSED' }));
  const load = new OpenLoad({
    payers: { dns: [third], 'dns-kept': [never], library: [paying] },
    accounts: ['us_a'],
    perSecond: 1,
  });
  const first = () => load.arrivals.find(({ kind }) => kind === 'dns');
  while (first()?.acknowledged === undefined) await pause(10);
  await load.stop(0);
  expect(keys.slice(0, 3)).toEqual(['dns-0', 'dns-0', 'dns-0']);
  expect(first()).toMatchObject({ sendings: 3, acknowledged: RECEIPT });
  expect(load.arrivals.find(({ kind }) => kind === 'dns-kept')?.acknowledged).toBeUndefined();
  expect(load.refusals).toContainEqual({ kind: 'dns-kept', atMs: expect.any(Number), what: 'ECONNREFUSED' });
});
