import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from '@jest/globals';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { decodeFact } from '../../../lambdas/domain/codec.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { noticeOf } from '../../../lambdas/domain/notice.ts';
import { dispatchFacts, queuesOf } from '../../../lambdas/project-facts/dispatch.ts';
import { decodeNotice, decodeSettlement } from '../../../lambdas/shared/messages.ts';
import { calls, memoryStores, NOON_MS, testRegion } from '../harness/region.ts';

let facts: readonly Fact[];
let queues: { settlements: MemoryQueue; notices: MemoryQueue };

/** An account, its bill, a payment and its refund, and an adjustment, written in us-east-1. */
beforeEach(async () => {
  const stores = memoryStores();
  const region = testRegion(stores);
  await region.call(calls.open());
  await region.call(calls.bill('b1'));
  const { body } = await region.call(calls.pay('p1', 100));
  await region.call(calls.refund('r1', body.paymentId, 40));
  await region.call(calls.adjust('x1', -5));
  facts = (await stores.ledger.scan({ limit: 100 })).facts;
  queues = { settlements: new MemoryQueue(), notices: new MemoryQueue() };
});
const delays = (queue: MemoryQueue) => queue.sent.map(({ delaySeconds }) => delaySeconds);

test('what has work after it, by type', () => {
  expect(facts.map((fact) => [fact.type, queuesOf(fact)]).sort()).toEqual([
    ['AccountAdjusted', []],
    ['AccountOpened', []],
    ['BillIssued', ['notices']],
    ['PaymentAccepted', ['settlements', 'notices']],
    ['PaymentRefunded', ['settlements', 'notices']],
  ]);
});

test('notices hear of exactly those facts of which somebody is told', () => {
  const file = new URL('../../replay/histories/v1.json', import.meta.url);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly body: string; readonly sum: string }[];
  const every = rows.map((row) => decodeFact(row));
  expect(every.map(({ type }) => type)).toContain('FactReversed');
  for (const fact of every) {
    expect([fact.type, queuesOf(fact).includes('notices')]).toEqual([fact.type, noticeOf(fact) !== undefined]);
  }
});

test('the accepting Region enqueues at once, the other after a minute', async () => {
  expect(await dispatchFacts(facts, queues, { region: 'us-east-1', nowMs: NOON_MS })).toEqual([]);
  expect([delays(queues.settlements), delays(queues.notices)]).toEqual([
    [0, 0],
    [0, 0, 0],
  ]);
  await dispatchFacts(facts, queues, { region: 'us-west-2', nowMs: NOON_MS });
  expect(delays(queues.settlements)).toEqual([0, 0, 60, 60]);
});

test('messages say where, and the workers read them back', async () => {
  await dispatchFacts(facts, queues, { region: 'us-east-1', nowMs: NOON_MS });
  const accepted = facts.find(({ type }) => type === 'PaymentAccepted');
  expect(queues.settlements.sent.map(({ body }) => decodeSettlement(body))).toEqual([
    { accountId: 'us_a', stream: accepted?.stream },
    { accountId: 'us_a', stream: accepted?.stream },
  ]);
  expect(queues.notices.sent.map(({ body }) => decodeNotice(body)?.key).sort()).toEqual([
    'b#2026-10#000',
    `${accepted?.stream}#000`,
    `${accepted?.stream}#001`,
  ]);
  expect([decodeSettlement('{"accountId":"us_a","stream":"p#x"}'), decodeNotice('no JSON')]).toEqual([
    undefined,
    undefined,
  ]);
});

test('a queue that does not take a fact is told by the fact’s place; the other queue has it', async () => {
  queues.settlements.send = async (messages) => ({ failed: [messages.length - 1] });
  const place = facts.findLastIndex((fact) => queuesOf(fact).includes('settlements'));
  expect(await dispatchFacts(facts, queues, { region: 'us-east-1', nowMs: NOON_MS })).toEqual([place]);
  expect(queues.notices.sent).toHaveLength(3);
});

test('payers were told long ago of facts that a rebuilt ledger brings again; money is asked for all the same', async () => {
  await dispatchFacts(facts, queues, { region: 'us-east-1', nowMs: NOON_MS + 25 * 60 * 60_000 });
  expect([queues.settlements.sent.length, queues.notices.sent.length]).toEqual([2, 0]);
});
