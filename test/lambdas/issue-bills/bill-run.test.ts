// Owns the proof that a bill run bills every account with a meter once, however many runs, Regions and deliveries there are.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import type { AccountId, IsoDate } from '../../../lambdas/domain/ids.ts';
import { registerDay } from '../../../lambdas/domain/readings/meter-day.ts';
import { createIssueBillsHandler } from '../../../lambdas/issue-bills/create-issue-bills-handler.ts';
import { LedgerUnavailable } from '../../../lambdas/ports/event-log.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { createStartBillRunHandler } from '../../../lambdas/start-bill-run/create-start-bill-run-handler.ts';
import { calls, memoryStores, type TestRegion, testRegion } from '../harness/region.ts';
import { sqsEventAt } from '../harness/sqs-event.ts';

const A = 'us_a' as AccountId;
let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;

const schedule = Array.from({ length: 12 }, () => Array<number>(24).fill(0));
const RATE = JSON.stringify({
  name: 'Flat',
  energyratestructure: [[{ rate: 0.1, unit: 'kWh' }]],
  energyweekdayschedule: schedule,
  energyweekendschedule: schedule,
});

const event = (bodies: readonly string[]): SQSEvent =>
  ({ Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) }) as unknown as SQSEvent;

const start = async () => {
  const queue = new MemoryQueue();
  const { clock, telemetry } = region;
  await createStartBillRunHandler({ catalog: stores.catalog, queue, clock, telemetry })();
  return queue.sent.map(({ body }) => body);
};

const watched = () => ({ clock: region.clock, telemetry: region.telemetry });

const worker = (queue = new MemoryQueue(), name = 'us-east-1') =>
  createIssueBillsHandler({
    region: name,
    jurisdiction: 'us',
    ledger: stores.ledger,
    views: stores.views,
    usage: { catalog: stores.catalog, readings: stores.readings },
    ...watched(),
    queue,
    random: Math.random,
    breakers: {
      ledger: createBreaker('ledger', watched()),
      catalog: createBreaker('catalog', watched()),
      readings: createBreaker('readings', watched()),
    },
  });

const work = (bodies: readonly string[], name = 'us-east-1') => worker(new MemoryQueue(), name)(event(bodies));

const bills = () => [...(stores.ledger.accounts.get('us_a')?.keys() ?? [])].filter((key) => key.startsWith('b#'));

/** All of October 2026 in New York: 31 days of 1 kWh. */
const storeOctober = () =>
  stores.readings.store(
    Array.from({ length: 31 }, (_, n) => {
      const interval = {
        startMs: Date.UTC(2026, 9, 1 + n, 4),
        durationSeconds: 86_400,
        wh: '1000',
        quality: 'actual' as const,
      };
      const date = `2026-10-${String(n + 1).padStart(2, '0')}` as IsoDate;
      return registerDay({ meterId: 'm1', date, register: 'E1', flow: 'import', intervals: [interval], receivedMs: 1 });
    }),
  );

beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open());
  await stores.catalog.putTariff({ tariffId: 't', startDate: undefined, rate: RATE });
  await stores.catalog.assignTariff(A, 'm1', { from: '2026-01-01' as IsoDate, tariffId: 't' });
});

describe('a bill run', () => {
  test('puts a message an account on the queue, for the month before', async () => {
    await stores.catalog.joinMeter('us_b' as AccountId, 'm2');
    expect(await start()).toEqual([
      '{"accountId":"us_a","period":"2026-10"}',
      '{"accountId":"us_b","period":"2026-10"}',
    ]);
  });

  test('issues the bill, and a second run, a second delivery and the other Region change nothing', async () => {
    await storeOctober();
    expect(await work(await start())).toEqual({ batchItemFailures: [] });
    const answer = (await region.call(calls.look('/bills'))).body;
    expect(answer.bills ?? []).toEqual([]);
    await region.project();
    expect((await region.call(calls.look('/bills'))).body.bills).toEqual([
      expect.objectContaining({
        billId: 'bill_2026-10_r1',
        totalMinor: 310,
        usageWh: 31_000,
        quality: 'actual',
        dueDate: '2026-11-16',
        status: 'open',
      }),
    ]);
    const messages = await start();
    await work([...messages, ...messages]);
    await work(messages, 'us-west-2');
    expect(bills()).toEqual(['b#2026-10#000']);
    expect(region.telemetry.counts.get('BillsIssued')).toBe(1);
  });

  test('both Regions at once issue one bill', async () => {
    await storeOctober();
    const messages = await start();
    const answers = await Promise.all([work(messages), work(messages, 'us-west-2')]);
    expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
    expect(bills()).toEqual(['b#2026-10#000']);
  });

  test('holds back what has no usage yet, and bills it in a later run', async () => {
    expect(await work(await start())).toEqual({ batchItemFailures: [] });
    expect(region.telemetry.counts.get('BillsHeldBack')).toBe(1);
    expect(bills()).toEqual([]);
    await storeOctober();
    await work(await start());
    expect(bills()).toEqual(['b#2026-10#000']);
  });

  test('leaves alone what an operator has billed, credited or reversed', async () => {
    await storeOctober();
    const bill = await region.call(calls.bill('k'));
    await region.call(calls.reverse('r', bill.body.position));
    await work(await start());
    expect(bills()).toEqual(['b#2026-10#000', 'b#2026-10#001']);
  });

  test('a poison message fails alone', async () => {
    await storeOctober();
    const poison = ['{"accountId":"us_a"}', 'no json', '{"accountId":"us_nobody","period":"2026-10"}'];
    expect(await work([...poison, ...(await start())])).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }],
    });
    expect(bills()).toEqual(['b#2026-10#000']);
  });

  test('waits while the ledger cannot say whose account it is, and soon asks nothing: no message is burnt', async () => {
    let asked = 0;
    stores.ledger.readFact = async () => {
      asked += 1;
      throw new LedgerUnavailable('not-attempted', 'away', 'unreachable');
    };
    const queue = new MemoryQueue();
    const [message = ''] = await start();
    const handle = worker(queue);
    for (let receive = 0; receive < 5; receive++) {
      expect(await handle(sqsEventAt(region.clock.nowMs(), message))).toEqual({ batchItemFailures: [] });
    }
    expect([asked, queue.sent.length, region.telemetry.breakersOpened]).toEqual([3, 5, ['ledger']]);
  });

  test('that could not reach the queue says so, to be started again', async () => {
    const queue = { send: async (messages: readonly unknown[]) => ({ failed: messages.map((_, n) => n) }) };
    const { clock, telemetry } = region;
    await expect(createStartBillRunHandler({ catalog: stores.catalog, queue, clock, telemetry })()).rejects.toThrow(
      '1 accounts of the bill run 2026-10 were not put on the queue',
    );
  });
});
