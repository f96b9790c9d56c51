import { expect, test } from '@jest/globals';
import { measure } from '../../drills/measure.ts';
import { fewerFailThan, MONEY, rpoZero, waitsUnder } from '../../drills/promises.ts';
import { lossRecorded } from './recordings.ts';

test('what a payer waited counts from when the payment was due, or from the fault for one that was under way', () => {
  const { payers } = measure(lossRecorded());
  expect(payers.dns).toMatchObject({ payments: 3, rtoMs: 18_000, steady: { p50Ms: 100 }, faulted: { p99Ms: 18_000 } });
  // Due a second before the fault, acknowledged 1.5 s after it.
  expect(payers.library).toMatchObject({ payments: 2, availability: 1, rtoMs: 1_500 });
});

test('a payment that was never acknowledged has no end to wait for, and is unknown', () => {
  const { payers, unknown, unknownButStored } = measure(lossRecorded());
  expect([payers['dns-kept'].rtoMs, payers['dns-kept'].availability, unknown, unknownButStored]).toEqual([
    null,
    0.5,
    1,
    1,
  ]);
});

test('the move of DNS, alarms by the run’s clock, refusals once healed, the added time of a write', () => {
  expect(measure(lossRecorded())).toMatchObject({
    dnsMovedMs: 14_000,
    alarms: [{ slug: 'peer-unhealthy', tier: 'P0', region: 'us-west-2', afterMs: 25_000 }],
    refusedSinceHealed: 1,
    addedWriteMs: 23,
    predicted: { p50Ms: 18_630, p99Ms: 23_670 },
  });
});

test('promises are kept or broken by their numbers', () => {
  const measured = measure(lossRecorded());
  const verdicts = [
    ...MONEY,
    rpoZero,
    waitsUnder('dns', 18_001),
    waitsUnder('dns', 18_000),
    waitsUnder('dns-kept', 30_000),
    fewerFailThan(0.51),
    fewerFailThan(0.5),
  ];
  expect(verdicts.map(({ says, keeps }) => [says, keeps(measured).kept])).toEqual([
    ['No acknowledged payment is lost', true],
    ['No payment is in the ledger twice', true],
    ['No payment is in the ledger under another id than its payer was told', true],
    ['No payment is charged twice by the processor', true],
    ['No payer is left without an answer', false],
    ["Both Regions' views show each account's balance as its payers paid it", true],
    ['RPO is 0: the Region that is left has every acknowledged payment', true],
    ['Nobody waits 18.0 s (DNS)', true],
    ['Nobody waits 18.0 s (DNS)', false],
    ['Nobody waits 30.0 s (DNS, kept connections)', false],
    ['Fewer than 51 % of requests over DNS fail from the fault on', true],
    ['Fewer than 50 % of requests over DNS fail from the fault on', false],
  ]);
});

test('a drill that was broken off before its audit has kept no promise about money', () => {
  const { findings: _, ...broken } = lossRecorded();
  const measured = measure({ ...broken, rpoFacts: undefined });
  expect([...MONEY, rpoZero].map(({ keeps }) => keeps(measured).kept)).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('failed requests count from the fault on, and those of payers over DNS only', () => {
  const recorded = lossRecorded();
  // Two refused, two paid.
  expect(measure(recorded).failedShare).toBe(0.5);
  const refusals = [
    ...recorded.refusals,
    { kind: 'library', atMs: recorded.fromMs + 13_000, what: 'outcome-unknown' } as const,
    { kind: 'dns', atMs: recorded.fromMs + 9_000, what: '500' } as const,
  ];
  expect(measure({ ...recorded, refusals }).failedShare).toBe(0.5);
  expect(measure({ ...recorded, refusals: [] }).failedShare).toBe(0);
});

test('a payment under another id than its payer was told is a broken promise', () => {
  const { findings, ...recorded } = lossRecorded();
  if (findings === undefined) throw new Error('no findings');
  const [wrong] = recorded.arrivals;
  const audit = { ...findings.audit, misnamed: wrong === undefined ? [] : [wrong] };
  const measured = measure({ ...recorded, findings: { ...findings, audit } });
  expect(MONEY.filter(({ keeps }) => keeps(measured).measured === '1').map(({ says }) => says)).toEqual([
    'No payment is in the ledger under another id than its payer was told',
    'No payer is left without an answer',
  ]);
});
