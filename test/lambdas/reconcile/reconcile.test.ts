// Owns the proof that a day's report and the ledger are compared both ways, a part at a time, and each difference is recorded once.
// Leaves what a difference is to test/domain/reconcile.test.ts.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoDayIndex } from '../../../lambdas/adapters/dynamo/day-index.ts';
import { DynamoEventLog } from '../../../lambdas/adapters/dynamo/event-log.ts';
import { DynamoOpenWork } from '../../../lambdas/adapters/dynamo/open-work.ts';
import { DynamoReconciliationProgress } from '../../../lambdas/adapters/dynamo/reconciliation.ts';
import { DynamoViewStore } from '../../../lambdas/adapters/dynamo/view-store.ts';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryProcessor } from '../../../lambdas/adapters/memory/processor.ts';
import { MemoryReconciliationProgress } from '../../../lambdas/adapters/memory/reconciliation.ts';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import { decide } from '../../../lambdas/domain/decide.ts';
import type { DifferenceFound, Fact } from '../../../lambdas/domain/facts.ts';
import { type IsoDate, paymentId } from '../../../lambdas/domain/ids.ts';
import { keyOf } from '../../../lambdas/domain/keys.ts';
import { type Currency, minor } from '../../../lambdas/domain/money.ts';
import type { ReportEntry } from '../../../lambdas/domain/reconcile.ts';
import type { DayIndex } from '../../../lambdas/ports/day-index.ts';
import type { EventLog } from '../../../lambdas/ports/event-log.ts';
import type { OpenWorkIndex } from '../../../lambdas/ports/open-work.ts';
import { ProcessorUnavailable } from '../../../lambdas/ports/processor.ts';
import type { ReconciliationProgress } from '../../../lambdas/ports/reconciliation.ts';
import type { ViewStore } from '../../../lambdas/ports/view-store.ts';
import { PARTS } from '../../../lambdas/reconcile/compare.ts';
import { createReconcileHandler, type ReconcileEvent } from '../../../lambdas/reconcile/create-reconcile-handler.ts';
import { onDynamo } from '../../contract/on-dynamo.ts';
import { ACCOUNT_ID, appended, must, NOON_MS, pay, refund } from '../../domain/commands.ts';
import { settle, settleRefund, startCharge, startRefund } from '../../domain/settling.ts';
import { TABLES } from '../../engine/tables.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TODAY: IsoDate = '2026-10-15' as IsoDate;
/** The morning after NOON_MS. */
const MORNING_MS = Date.UTC(2026, 9, 16, 8);

interface Parts {
  readonly ledger: EventLog;
  readonly views: ViewStore;
  readonly days: DayIndex;
  readonly openWork: OpenWorkIndex;
  readonly progress: ReconciliationProgress;
}

let parts: Parts;
let processor: MemoryProcessor;
let clock: ManualClock;
let telemetry: RecordingTelemetry;

const inMemory = (): Parts => {
  const views = new MemoryViewStore();
  return {
    ledger: new MemoryEventLog(),
    views,
    days: views,
    openWork: views,
    progress: new MemoryReconciliationProgress(),
  };
};

beforeEach(() => {
  parts = inMemory();
  processor = new MemoryProcessor();
  processor.nowMs = () => NOON_MS;
  clock = new ManualClock(MORNING_MS);
  telemetry = new RecordingTelemetry();
});

const run = (event: ReconcileEvent = {}, region = 'us-east-1') =>
  createReconcileHandler({ ...parts, region, jurisdiction: 'us', processor, clock, telemetry })(event);

/** A payment that went through the processor, as far as the worker has come with it. */
const payment = async (key: string, { outcome = true } = {}): Promise<readonly Fact[]> => {
  const sent = { key, nowMs: NOON_MS };
  const order = { accountId: ACCOUNT_ID, amountMinor: minor(100), currency: 'USD' as Currency, method: 'card' };
  let facts: readonly Fact[] = [appended(decide([], pay(100n, sent)))];
  const id = must(paymentId(must(facts[0]).stream.slice(2)));
  const reference = await processor.prepare({ ...order, paymentId: id });
  await processor.confirm(reference);
  for (const command of [startCharge(100n, reference, sent), ...(outcome ? [settle(sent)] : [])]) {
    facts = [...facts, appended(decide(facts, command))];
  }
  await write(facts);
  return facts;
};

const refunded = async (key: string, of: readonly Fact[]): Promise<readonly Fact[]> => {
  const sent = { key: `${key}-refund`, nowMs: NOON_MS };
  let facts = of;
  for (const command of [refund(30n, sent), startRefund(3, sent), settleRefund(3, sent)]) {
    facts = [...facts, appended(decide(facts, command))];
  }
  await write(facts.slice(of.length));
  return facts;
};

const write = async (facts: readonly Fact[]): Promise<void> => {
  for (const fact of facts) await parts.ledger.append(fact);
  await parts.views.apply(facts);
};

/** Of the whole ledger. */
const differences = async (): Promise<readonly DifferenceFound[]> => {
  const { facts } = await parts.ledger.scan({ limit: 1_000 });
  return facts.filter((fact) => fact.type === 'DifferenceFound');
};
const kinds = async () => (await differences()).map(({ kind, reference }) => `${kind} ${reference}`).sort();

const strange = (changes: Partial<ReportEntry> = {}): ReportEntry => ({
  kind: 'charge',
  reference: 'extra_1',
  amountMinor: minor(55),
  currency: 'USD' as Currency,
  atMs: NOON_MS,
  status: 'collected',
  ...changes,
});

const contract = (): void => {
  test('a faultless day yields none, and is not compared again', async () => {
    for (const key of ['a', 'b', 'c']) await payment(key);
    expect(await run()).toEqual({ windows: expect.arrayContaining([TODAY]), isFinished: true, differences: 0 });
    expect(await differences()).toEqual([]);
    const asked = processor.calls.length;
    expect(await run()).toEqual({ windows: [], isFinished: true, differences: 0 });
    expect(processor.calls).toHaveLength(asked);
  });

  test('an extra charge and a changed amount, once, although both Regions run and one runs again', async () => {
    const facts = await payment('a');
    const [reference = '', charge] = [...processor.charges][0] ?? [];
    processor.charges.set(reference, { ...must(charge), order: { ...must(charge).order, amountMinor: minor(90) } });
    processor.planted.push(strange({ accountId: ACCOUNT_ID, paymentId: must(facts[0]).stream.slice(2) }));
    processor.planted.push(strange({ reference: 'extra_2' }));
    expect((await run()).differences).toBe(3);
    const expected = ['amount-differs charge_1', 'charged-but-not-accepted extra_2', 'charged-twice extra_1'];
    expect(await kinds()).toEqual(expected);
    parts = { ...parts, progress: new MemoryReconciliationProgress() };
    expect((await run({}, 'us-west-2')).differences).toBe(0);
    expect((await run({ date: TODAY }, 'us-west-2')).differences).toBe(0);
    expect(await kinds()).toEqual(expected);
    expect(telemetry.counts.get('ReconciliationDifferences')).toBe(3);
  });

  test('a difference of no payment stands in a partition that is nobody’s account', async () => {
    processor.planted.push(strange({ accountId: 'eu_a', paymentId: `pay_${'b'.repeat(52)}` }));
    await run();
    expect(await differences()).toMatchObject([
      { accountId: 'us_reconciliation', ordinal: 0, window: TODAY, processorMinor: 55n, postings: [] },
    ]);
  });

  test('what is settled and not collected is found from the ledger', async () => {
    const facts = await payment('a');
    await refunded('a', facts);
    processor.charges.clear();
    await run();
    expect((await kinds()).map((line) => line.split(' ')[0])).toEqual(['refund-differs', 'settled-but-not-charged']);
  });

  test('what was collected in another hour than it was recorded in, or on another day, is no difference', async () => {
    const facts = await payment('a', { outcome: false });
    await write([appended(decide(facts, settle({ key: 'a', nowMs: NOON_MS + 13 * HOUR_MS })))]);
    clock.currentMs = MORNING_MS + DAY_MS;
    expect((await run()).differences).toBe(0);
  });

  test('a charge under way is a difference once it is more than a day old, and only one however long it stays', async () => {
    await payment('a', { outcome: false });
    expect((await run()).differences).toBe(0);
    clock.nowMs = () => MORNING_MS + DAY_MS;
    expect((await run()).differences).toBe(1);
    clock.nowMs = () => MORNING_MS + 2 * DAY_MS;
    expect((await run()).differences).toBe(0);
    expect(await differences()).toMatchObject([{ kind: 'still-open', window: TODAY, reference: 'charge_1' }]);
  });

  test('the differences of a day are found in the view by the day, a page at a time', async () => {
    for (const n of [1, 2, 3]) processor.planted.push(strange({ reference: `extra_${n}` }));
    await run();
    await parts.views.apply(await differences());
    const first = await parts.days.differences(TODAY, { limit: 2 });
    const second = await parts.days.differences(TODAY, { limit: 2, cursor: must(first.cursor) });
    expect(second.cursor).toBeUndefined();
    const places = [...first.places, ...second.places];
    expect(places.map(({ key }) => key).sort()).toEqual((await differences()).map(keyOf).sort());
    expect((await parts.days.differences('2026-10-14' as IsoDate, { limit: 2 })).places).toEqual([]);
  });
};

describe('in memory', contract);

describe('on dynamo', () => {
  const on = onDynamo();
  beforeEach(() => {
    const views = new DynamoViewStore(on.dynamo, TABLES.views);
    parts = {
      ledger: new DynamoEventLog(on.dynamo, TABLES.ledger),
      views,
      days: new DynamoDayIndex(on.dynamo, TABLES.views),
      openWork: new DynamoOpenWork(on.dynamo, TABLES.views),
      progress: new DynamoReconciliationProgress(on.dynamo, TABLES.regionState),
    };
  });

  test('an extra charge and an outcome that nobody reports are found, once', async () => {
    await payment('a');
    await payment('b');
    processor.charges.delete('charge_2');
    processor.planted.push(strange());
    expect((await run({ date: TODAY })).differences).toBe(2);
    expect((await run({ date: TODAY }, 'us-west-2')).differences).toBe(0);
    expect(await kinds()).toEqual(['charged-but-not-accepted extra_1', 'settled-but-not-charged charge_2']);
    await parts.views.apply(await differences());
    const first = await parts.days.differences(TODAY, { limit: 1 });
    const second = await parts.days.differences(TODAY, { limit: 1, cursor: must(first.cursor) });
    expect(second.cursor).toBeUndefined();
    expect([...first.places, ...second.places].map(({ key }) => key).sort()).toEqual(
      (await differences()).map(keyOf).sort(),
    );
  }, 30_000);
});

describe('a run', () => {
  test('goes on where the one before ended', async () => {
    processor.planted.push(strange(), strange({ reference: 'extra_2', atMs: NOON_MS + 10 * HOUR_MS }));
    processor.faults.push({ on: 'report', effect: false });
    await expect(run({ date: TODAY })).rejects.toThrow(ProcessorUnavailable);
    expect(await parts.progress.partsDone(TODAY)).toBe(0);
    // Each look at the clock takes a minute: after six of them no part is begun.
    let ticks = 0;
    clock.nowMs = () => MORNING_MS + ticks++ * 60_000;
    expect(await run({ date: TODAY })).toEqual({ windows: [TODAY], isFinished: false, differences: 0 });
    expect(await parts.progress.partsDone(TODAY)).toBe(5);
    clock.nowMs = () => MORNING_MS;
    expect(await run({ date: TODAY })).toEqual({ windows: [TODAY], isFinished: true, differences: 2 });
    expect(await parts.progress.partsDone(TODAY)).toBe(PARTS);
  });

  test('takes a day six hours after its end, and the days before that are not finished', async () => {
    clock.nowMs = () => Date.UTC(2026, 9, 16, 5, 59);
    expect((await run()).windows).toEqual(['2026-10-10', '2026-10-11', '2026-10-12', '2026-10-13', '2026-10-14']);
    await expect(run({ date: TODAY })).rejects.toThrow('2026-10-15 can be compared from 2026-10-16T06:00:00.000Z on');
    clock.nowMs = () => Date.UTC(2026, 9, 16, 6);
    expect((await run()).windows).toEqual([TODAY]);
  });

  test('refuses a date that is none', async () => {
    await expect(run({ date: '2026-02-30' })).rejects.toThrow('a day is written YYYY-MM-DD, got "2026-02-30"');
  });
});
