// Owns the proof that the worker charges once and refunds once, whatever dies between two steps and however late it comes back.
// Leaves the same over HTTP, against the local processor's own books, to local-processor.test.ts.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryProcessor } from '../../../lambdas/adapters/memory/processor.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import type { Fact } from '../../../lambdas/domain/facts.ts';
import type { EventLog } from '../../../lambdas/ports/event-log.ts';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { createSettlePaymentHandler } from '../../../lambdas/settle-payment/create-settle-payment-handler.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { encodeSettlement } from '../../../lambdas/shared/messages.ts';
import { account, NOON_MS, opened, paid, refunded } from '../../contract/facts.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { sqsEvent, sqsEventAt } from '../harness/sqs-event.ts';

const DAY_MS = 86_400_000;
const ACCOUNT = opened('us_a', NOON_MS - 60_000);
const PAYMENT = paid('us_a', 'a', 100n);
const MESSAGE = encodeSettlement({ accountId: PAYMENT.accountId, stream: PAYMENT.stream });

let ledger: MemoryEventLog;
let processor: MemoryProcessor;
let queue: MemoryQueue;
let clock: ManualClock;
let telemetry: RecordingTelemetry;

const worker = (region = 'us-east-1', log: EventLog = ledger, inView: Fact | 'none' = ACCOUNT) => {
  const watched = { clock, telemetry, policy: { consecutiveFailures: 3, halfOpenAfterMs: 60_000 } };
  return createSettlePaymentHandler({
    region,
    jurisdiction: 'us',
    ledger: log,
    views: { fact: async () => (inView === 'none' ? undefined : inView) },
    openProcessor: async () => processor,
    breakers: {
      ledger: createBreaker('ledger', watched),
      processor: createBreaker('processor', watched),
      secrets: createBreaker('secrets', watched),
    },
    queue,
    clock,
    random: () => 0.5,
    telemetry,
  });
};
const stream = () => ledger.readStream(account('us_a'), PAYMENT.stream);
const types = async () => (await stream()).map(({ type }) => type);

beforeEach(async () => {
  ledger = new MemoryEventLog();
  processor = new MemoryProcessor();
  queue = new MemoryQueue();
  clock = new ManualClock(NOON_MS + 1_000);
  telemetry = new RecordingTelemetry();
  await ledger.append(PAYMENT);
});

describe('a payment', () => {
  test('is prepared, recorded, confirmed and settled', async () => {
    expect(await worker()(sqsEvent(MESSAGE))).toEqual({ batchItemFailures: [] });
    expect(await types()).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
    expect(processor.calls).toEqual(['prepare', 'lookup', 'confirm']);
    expect(processor.collectedMinor).toBe(100n);
    expect(telemetry.counts.get('PaymentsSettled')).toBe(1);
  });

  test('settled already costs one read of the ledger', async () => {
    await worker()(sqsEvent(MESSAGE));
    processor.calls.length = 0;
    expect(await worker('us-west-2')(sqsEvent(MESSAGE, MESSAGE))).toEqual({ batchItemFailures: [] });
    expect(processor.calls).toEqual([]);
  });

  test('worked by both Regions and twice in each batch at once is charged once', async () => {
    await Promise.all([
      worker('us-east-1')(sqsEvent(MESSAGE, MESSAGE)),
      worker('us-west-2')(sqsEvent(MESSAGE, MESSAGE)),
    ]);
    expect(await types()).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
    expect(processor.collectedMinor).toBe(100n);
    expect(processor.charges.size).toBeGreaterThan(1);
  });

  test('declined is undone, with the reason of the list', async () => {
    processor.declines.set('card', 'insufficient-funds');
    expect(await worker()(sqsEvent(MESSAGE))).toEqual({ batchItemFailures: [] });
    expect((await stream()).at(-1)).toMatchObject({
      type: 'PaymentDeclined',
      reason: 'insufficient-funds',
      undoneMinor: 100n,
    });
  });

  test.each([
    ['prepare', false, 1],
    ['prepare', true, 2],
    ['confirm', false, 1],
    ['confirm', true, 1],
    ['lookup', false, 1],
  ] as const)(
    'whose %s was not answered (done all the same: %s) is charged once, a day later',
    async (on, effect, made) => {
      processor.faults.push({ on, effect });
      expect(await worker()(sqsEventAt(NOON_MS, MESSAGE))).toEqual({ batchItemFailures: [] });
      expect(queue.sent).toHaveLength(1);
      expect(await types()).not.toContain('PaymentDeclined');
      clock.currentMs += DAY_MS;
      expect(await worker('us-west-2')(sqsEvent(MESSAGE))).toEqual({ batchItemFailures: [] });
      expect(await types()).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
      expect(processor.charges.size).toBe(made);
      expect(processor.collectedMinor).toBe(100n);
    },
  );

  test.each([
    ['ChargeStarted', false, 2],
    ['ChargeStarted', true, 1],
    ['PaymentSettled', false, 1],
    ['PaymentSettled', true, 1],
  ])('whose worker dies at %s (written: %s) is charged once, a day later', async (type, written, made) => {
    await worker('us-east-1', dyingAt(type, written))(sqsEvent(MESSAGE));
    clock.currentMs += DAY_MS;
    await worker('us-west-2')(sqsEvent(MESSAGE));
    expect(await types()).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
    expect(processor.charges.size).toBe(made);
    expect(processor.collectedMinor).toBe(100n);
  });

  test('refunded between prepare and its record is prepared anew, over what is left', async () => {
    const racing = new Proxy(ledger, {
      get: (target, name) =>
        name !== 'append'
          ? Reflect.get(target, name).bind(target)
          : async (fact: Fact) => {
              if (fact.type === 'ChargeStarted' && fact.ordinal === 1) await target.append(refunded(PAYMENT, 1, 30n));
              return target.append(fact);
            },
    });
    await worker('us-east-1', racing)(sqsEvent(MESSAGE));
    expect(await types()).toEqual(['PaymentAccepted', 'PaymentRefunded', 'ChargeStarted', 'PaymentSettled']);
    expect(processor.collectedMinor).toBe(70n);
  });

  test('collected over another amount than was started is left to people', async () => {
    processor.faults.push({ on: 'confirm', effect: false });
    await worker()(sqsEvent(MESSAGE));
    const [charge] = [...processor.charges.values()];
    if (charge) charge.state = { kind: 'collected', amountMinor: 99n as typeof PAYMENT.amountMinor };
    expect((await worker()(sqsEvent(MESSAGE))).batchItemFailures).toHaveLength(1);
    expect(telemetry.text).toMatch(/99 of pay_a{52} were collected, 100 were started/);
    expect(await types()).toEqual(['PaymentAccepted', 'ChargeStarted']);
  });

  test('started at another processor is not touched', async () => {
    processor.faults.push({ on: 'confirm', effect: false });
    await worker()(sqsEvent(MESSAGE));
    Object.assign(processor, { name: 'stripe' });
    expect((await worker()(sqsEvent(MESSAGE))).batchItemFailures).toHaveLength(1);
    expect(telemetry.text).toContain('the charge was started at processor memory, this worker has stripe');
  });
});

describe('a refund', () => {
  beforeEach(async () => {
    await worker()(sqsEvent(MESSAGE));
    await ledger.append(refunded(PAYMENT, 3, 30n, NOON_MS + 2_000));
    clock.currentMs += 5_000;
  });

  test('is started, sent and settled', async () => {
    await worker()(sqsEvent(MESSAGE));
    expect((await types()).slice(3)).toEqual(['PaymentRefunded', 'RefundStarted', 'RefundSettled']);
    expect(processor.refunds.get(`${PAYMENT.paymentId}_3`)).toMatchObject({ amountMinor: 30n });
    expect(telemetry.counts.get('RefundsSettled')).toBe(1);
  });

  test.each([
    ['RefundStarted', false],
    ['RefundStarted', true],
    ['RefundSettled', false],
    ['RefundSettled', true],
  ])('whose worker dies at %s (written: %s) is sent once, a day later', async (type, written) => {
    await worker('us-east-1', dyingAt(type, written))(sqsEvent(MESSAGE));
    clock.currentMs += DAY_MS;
    await worker('us-west-2')(sqsEvent(MESSAGE));
    expect((await types()).slice(3)).toEqual(['PaymentRefunded', 'RefundStarted', 'RefundSettled']);
    expect(processor.sentBackMinor).toBe(30n);
  });
});

describe('the queue', () => {
  test('gets back what failed, and only that', async () => {
    const { batchItemFailures } = await worker()(sqsEvent('no json', MESSAGE, '{"accountId":"us_a","stream":"a"}'));
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-2' }]);
    expect(await types()).toContain('PaymentSettled');
    expect(telemetry.counts.get('WorkFailures')).toBe(2);
    expect(telemetry.text).toContain('a of us_a is no payment');
  });

  test('keeps its messages while the processor is down, and once its breaker is open nothing is asked', async () => {
    for (let fault = 0; fault < 3; fault++) processor.faults.push({ on: 'prepare', effect: false });
    const handle = worker();
    for (let receive = 0; receive < 6; receive++) {
      expect(await handle(sqsEventAt(NOON_MS, MESSAGE))).toEqual({ batchItemFailures: [] });
    }
    expect(processor.calls).toEqual(['prepare', 'prepare', 'prepare']);
    expect(queue.sent).toHaveLength(6);
    expect(telemetry.breakersOpened).toEqual(['processor']);
    expect(telemetry.counts.get('WorkPostponed')).toBe(6);
  });

  test('keeps its messages while the ledger cannot say whose payment it is, and soon asks nothing', async () => {
    let asked = 0;
    ledger.readFact = async () => {
      asked += 1;
      throw new LedgerUnavailable('not-attempted', 'away', 'unreachable');
    };
    const handle = worker('us-east-1', ledger, 'none');
    for (let receive = 0; receive < 5; receive++) {
      expect(await handle(sqsEventAt(NOON_MS, MESSAGE))).toEqual({ batchItemFailures: [] });
    }
    expect([asked, queue.sent.length, telemetry.breakersOpened]).toEqual([3, 5, ['ledger']]);
  });

  test('drops what a sweep found while the processor is down: however long that is, only the first message waits', async () => {
    for (let fault = 0; fault < 3; fault++) processor.faults.push({ on: 'prepare', effect: false });
    const swept = encodeSettlement({ accountId: PAYMENT.accountId, stream: PAYMENT.stream, isSwept: true });
    const handle = worker();
    await handle(sqsEventAt(NOON_MS, MESSAGE));
    for (let sweep = 0; sweep < 5; sweep++) {
      expect(await handle(sqsEventAt(NOON_MS, swept))).toEqual({ batchItemFailures: [] });
    }
    expect(processor.calls).toEqual(['prepare', 'prepare', 'prepare']);
    expect(queue.sent).toHaveLength(1);
    // Once the outage is over the next sweep's message is work like any other.
    await worker()(sqsEvent(swept));
    expect(await types()).toContain('PaymentSettled');
  });

  test('is settled by the copy of a message that waited', async () => {
    processor.faults.push({ on: 'prepare', effect: false });
    const handle = worker();
    await handle(sqsEventAt(NOON_MS, MESSAGE));
    await handle(sqsEventAt(NOON_MS + 3_000, queue.sent[0]?.body ?? ''));
    expect(await types()).toEqual(['PaymentAccepted', 'ChargeStarted', 'PaymentSettled']);
  });

  test('is done with while a charge is under way: the sweep asks again, and waiting copies do not multiply', async () => {
    processor.confirm = async () => ({ kind: 'under-way' });
    expect(await worker()(sqsEvent(MESSAGE))).toEqual({ batchItemFailures: [] });
    expect(queue.sent).toEqual([]);
  });
});

/** A ledger whose writer dies at the first fact of `type`, before or after it is stored. */
const dyingAt = (type: string, written: boolean): EventLog =>
  new Proxy(ledger as EventLog, {
    get: (target, name) =>
      name !== 'append'
        ? Reflect.get(target, name).bind(target)
        : async (fact: Fact) => {
            if (fact.type !== type) return target.append(fact);
            if (written) await target.append(fact);
            throw new LedgerUnavailable('outcome-unknown', 'the worker died', 'unreachable');
          },
  });
