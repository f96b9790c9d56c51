// Owns the proof that a payment of a test account is nobody's money: no processor is asked, the books are as before, no difference is found.
import { expect, test } from '@jest/globals';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryProcessor } from '../../../lambdas/adapters/memory/processor.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { TestAccountProcessor } from '../../../lambdas/adapters/test-account-processor.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import { stillOpen } from '../../../lambdas/domain/reconcile.ts';
import { nextStep } from '../../../lambdas/domain/settlement.ts';
import { createSettlePaymentHandler } from '../../../lambdas/settle-payment/create-settle-payment-handler.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { encodeSettlement } from '../../../lambdas/shared/messages.ts';
import { NOON_MS, opened, paid } from '../../contract/facts.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { sqsEvent } from '../harness/sqs-event.ts';

const settle = async (accountId: string): Promise<{ readonly facts: readonly Fact[]; readonly asked: number }> => {
  const account = opened(accountId, NOON_MS - 60_000);
  const payment = paid(accountId, 'a', 100n);
  const ledger = new MemoryEventLog();
  for (const fact of [account, payment]) await ledger.append(fact);
  const clock = new ManualClock(NOON_MS);
  const telemetry = new RecordingTelemetry();
  const processor = new MemoryProcessor();
  let asked = 0;
  const counting = new Proxy(processor, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        asked += 1;
        return Reflect.apply(value, target, args);
      };
    },
  });
  const handler = createSettlePaymentHandler({
    region: 'us-east-1',
    jurisdiction: 'us',
    ledger,
    views: { fact: async () => account },
    openProcessor: async () => new TestAccountProcessor(counting),
    breakers: {
      ledger: createBreaker('ledger', { clock, telemetry }),
      processor: createBreaker('processor', { clock, telemetry }),
      secrets: createBreaker('secrets', { clock, telemetry }),
    },
    queue: new MemoryQueue(),
    random: () => 0,
    clock,
    telemetry,
  });
  await handler(sqsEvent(encodeSettlement({ accountId: payment.accountId, stream: payment.stream })));
  return { facts: await ledger.readStream(payment.accountId, payment.stream), asked };
};

test('it is started, declined for its account, and its postings sum to nothing in every book', async () => {
  const { facts, asked } = await settle('us_test-2026q4');
  expect(facts.map(({ type }) => type)).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentDeclined']);
  expect(facts.at(-1)).toMatchObject({ reason: 'test-account' });
  const books = new Map<string, bigint>();
  for (const { ledgerAccount, amountMinor } of facts.flatMap((fact) => ('postings' in fact ? fact.postings : [])))
    books.set(ledgerAccount, (books.get(ledgerAccount) ?? 0n) + amountMinor);
  expect([...books.values()].filter((sum) => sum !== 0n)).toEqual([]);
  expect(books.size).toBeGreaterThan(0);
  expect(asked).toBe(0);
  expect(nextStep(facts)).toBeUndefined();
  expect(stillOpen(facts, Number.MAX_SAFE_INTEGER)).toBeUndefined();
});

test('any other account is charged as ever, one whose name only looks alike too', async () => {
  for (const accountId of ['us_a', 'us_tester-1', 'us_a_test-1']) {
    const { facts, asked } = await settle(accountId);
    expect(facts.map(({ type }) => type)).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
    expect(asked).toBeGreaterThan(0);
  }
});
