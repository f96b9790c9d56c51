// Owns the proof that a payer cannot tell a Region that rebuilds its view from one that has it: same answers, over any history.
// Leaves to test/lambdas/rehydrate-view that the rebuilt view is the same bytes.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeFact } from '../../lambdas/domain/codec.ts';
import type { Fact } from '../../lambdas/domain/facts.ts';
import { history } from '../domain/histories.ts';
import type { Call } from '../lambdas/harness/api-event.ts';
import { ManualClock } from '../lambdas/harness/manual-clock.ts';
import { calls, memoryStores, testRegion } from '../lambdas/harness/region.ts';

const stored = JSON.parse(readFileSync(new URL('./histories/v1.json', import.meta.url), 'utf8'));
const frozen = (stored as readonly { body: string; sum: string }[]).map(decodeFact);

/** A minute after the last fact, so that nothing is provisional for being young. */
const afterwards = (facts: readonly Fact[]): number =>
  Math.max(...facts.map(({ occurredAtMs }) => occurredAtMs)) + 120_000;

/** Every lookup of the account that its facts give a reason for. */
const lookupsOf = (facts: readonly Fact[]): readonly Call[] => {
  const accountId = facts[0]?.accountId ?? '';
  const look = (below: string, more: Partial<Call> = {}) => calls.look(below, more, accountId);
  const middle = new Date((facts[Math.floor(facts.length / 2)]?.occurredAtMs ?? 0) + 1).toISOString();
  return [
    look(''),
    look('/balance', { query: { asOf: middle } }),
    look('/statement', { query: { limit: '3' } }),
    look('/statement', { query: { from: middle } }),
    look('/bills'),
    ...facts.flatMap((fact) => {
      if (fact.type === 'PaymentAccepted')
        return [look('/payments/{paymentId}', { path: { paymentId: fact.paymentId } })];
      return fact.type === 'BillIssued' ? [look('/bills/{billId}', { path: { billId: fact.billId } })] : [];
    }),
  ];
};

const answersOf = async (facts: readonly Fact[], view: 'whole' | 'being rebuilt') => {
  const stores = memoryStores();
  const nowMs = afterwards(facts);
  for (const fact of facts) await stores.ledger.append(fact);
  await stores.regionState.advanceWatermark('us-east-1', 0, nowMs);
  // Every second fact is missing: whoever believed the view would say something else.
  const applied = view === 'whole' ? facts : facts.filter((_, index) => index % 2 === 0);
  await stores.views.apply(applied);
  if (view === 'being rebuilt') await stores.rehydrations.begin('stream-gap', nowMs, 'none');
  const region = testRegion(stores, 'us-east-1', new ManualClock(nowMs));
  const answers = [];
  for (const call of lookupsOf(facts)) {
    const { status, body, headers } = await region.call(call);
    answers.push({ status, body, position: headers['Baseload-Position'], staleness: headers['Baseload-Staleness-Ms'] });
  }
  return answers;
};

describe('lookups while the view is being rebuilt are those of a whole view', () => {
  test.each(['us_1001', 'us_1002'])('on the frozen history of %s', async (accountId) => {
    const facts = frozen.filter((fact) => fact.accountId === accountId);
    const answers = await answersOf(facts, 'being rebuilt');
    expect(answers).toEqual(await answersOf(facts, 'whole'));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test('on any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (facts) => {
        const answers = await answersOf(facts, 'being rebuilt');
        expect(answers).toEqual(await answersOf(facts, 'whole'));
        expect(answers[0]?.status).toBe(200);
      }),
      { numRuns: 60 },
    );
  });
});
