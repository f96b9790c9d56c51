import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryCatalog } from '../../../lambdas/adapters/memory/catalog.ts';
import type { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { MemoryReadings } from '../../../lambdas/adapters/memory/readings.ts';
import type { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import type { AccountId, IsoDate } from '../../../lambdas/domain/ids.ts';
import { sumDecimals } from '../../../lambdas/domain/readings/decimal.ts';
import { ReadingsUnavailable } from '../../../lambdas/ports/readings.ts';
import { createReadingsHandler } from '../../../lambdas/readings/create-readings-handler.ts';
import { Accounts } from '../../../lambdas/shared/accounts.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { createStoreReadingsHandler } from '../../../lambdas/store-readings/create-store-readings-handler.ts';
import { apiEvent, type Call } from '../harness/api-event.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { calls, memoryStores, NOON_MS, testRegion } from '../harness/region.ts';
import { sqsEvent, sqsEventAt } from '../harness/sqs-event.ts';
import { fixture } from './files.ts';

const WRITER = { sub: 'mdp', scope: 'readings:write' };
const OPERATOR = { sub: 'operator', scope: 'readings:write billing:operate' };

const open = async () => {
  const stores = memoryStores();
  for (const account of ['us_a', 'us_b']) await testRegion(stores).call(calls.open(account));
  const readings = new MemoryReadings();
  const intake = new MemoryQueue();
  const catalog = new MemoryCatalog();
  const clock = new ManualClock(NOON_MS);
  const telemetry = new RecordingTelemetry();
  const accounts = new Accounts(stores.ledger as MemoryEventLog, stores.views as MemoryViewStore);
  const deps = {
    region: 'us-east-1',
    jurisdiction: 'us',
    accounts,
    catalog,
    batches: readings,
    intake,
    clock,
    telemetry,
  };
  const handler = createReadingsHandler(deps);
  const watched = { clock, telemetry };
  const worker = createStoreReadingsHandler({
    ...watched,
    readings,
    breaker: createBreaker('readings', watched),
    queue: intake,
    random: () => 0.5,
  });
  const call = async (asked: Call) => {
    const { statusCode, headers, body } = await handler(apiEvent(asked));
    return { status: statusCode, headers: headers ?? {}, body: JSON.parse(body ?? 'null') };
  };
  const post = (body: unknown, more: Partial<Call> = {}) =>
    call({ routeKey: 'POST /v1/readings', body, claims: WRITER, ...more });
  const work = () => worker(sqsEvent(...intake.sent.map(({ body }) => body)));
  const status = async (batchId: string) =>
    (await call({ routeKey: 'GET /v1/readings/{batchId}', path: { batchId }, claims: WRITER })).body;
  return { readings, intake, worker, catalog, clock, telemetry, call, post, work, status };
};

let region: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  region = await open();
});

const csv = { headers: { 'content-type': 'text/csv' } };
const xml = { headers: { 'content-type': 'application/xml; charset=utf-8' } };
const reading = (changes: object = {}) => ({
  meterId: 'm1',
  start: '2026-10-01T00:00:00-04:00',
  durationSeconds: 3600,
  wh: 1250.5,
  quality: 'actual',
  ...changes,
});
const hours = (count: number, wh: number, quality = 'actual') =>
  Array.from({ length: count }, (_, hour) =>
    reading({ start: `2026-10-01T${String(hour).padStart(2, '0')}:00:00-04:00`, wh, quality }),
  );
const usage = async (meterId: string, from: string, to: string) => {
  const days = await region.readings.days(meterId, from as IsoDate, to as IsoDate);
  return sumDecimals(days.flatMap(({ intervals }) => intervals.map(({ wh }) => wh)));
};

describe('files of meters', () => {
  test('NEM12: accepted once the queue has it, pending until the worker has stored it', async () => {
    const { status, body } = await region.post(String(fixture('nem12/qld_home_2016.csv')), csv);
    expect([status, body.accepted, body.rejected]).toEqual([202, 6_912, []]);
    expect(body.batchId).toMatch(/^bat_[A-Za-z0-9_-]{43}$/);
    expect(region.intake.sent.map(({ body: text }) => Buffer.byteLength(text) < 262_144)).toEqual([true, true]);
    expect(await region.status(body.batchId)).toEqual({ batchId: body.batchId, status: 'pending', accepted: 6_912 });
    expect(await region.work()).toEqual({ batchItemFailures: [] });
    expect(await region.status(body.batchId)).toEqual({ batchId: body.batchId, status: 'stored', accepted: 6_912 });
    expect(await usage('3044076134', '2016-08-10', '2016-08-31')).toBe('142500');
    expect(await usage('3044076134', '2016-08-10', '2016-12-31')).toBe('753960');
  });

  test('Green Button: a year of hours', async () => {
    const { status, body } = await region.post(
      String(fixture('green-button/inland_single_family_2011_hourly.xml')),
      xml,
    );
    expect([status, body.accepted, body.rejected]).toEqual([202, 8_760, []]);
    await region.work();
    expect(await usage('1', '2011-01-01', '2011-12-31')).toBe('8343306');
  });

  test('nothing acceptable: 400 with every line that was rejected', async () => {
    const { status, body, headers } = await region.post(
      String(fixture('nem12/invalid/Example_NEM12_incomplete_interval.csv')),
      csv,
    );
    expect([status, headers['content-type'], region.intake.sent.length]).toEqual([400, 'application/problem+json', 0]);
    expect(body).toEqual({
      type: 'invalid-request',
      title: 'The request is not valid',
      status: 400,
      detail: 'None of the readings can be accepted, see rejected',
      rejected: [{ line: 3, field: 'intervalValue', reason: '0 values where 48 of 30 minutes fit' }],
    });
  });

  test('sending a file again is the same batch and stores nothing new', async () => {
    const file = String(fixture('nem12/qld_home_2016.csv'));
    const first = await region.post(file, csv);
    await region.work();
    const before = new Map(region.readings.stored);
    region.clock.currentMs += 1_000;
    const again = await region.post(file, csv);
    await region.work();
    expect(again.body).toEqual(first.body);
    expect(region.readings.stored).toEqual(before);
  });
});

describe('JSON', () => {
  test('a reading of 30 days is refused: spread over its time it would be priced by hours nobody measured; 25 hours are taken', async () => {
    const { status, body } = await region.post({
      readings: [reading({ durationSeconds: 90_000 }), reading({ meterId: 'm2', durationSeconds: 2_592_000 })],
    });
    expect([status, body.accepted, body.rejected]).toEqual([
      202,
      1,
      [{ line: 2, field: 'durationSeconds', reason: 'must be at most 90000' }],
    ]);
  });

  test('what is right is accepted, each wrong reading is named by its place and field', async () => {
    const { status, body } = await region.post({
      readings: [
        reading(),
        reading({ start: '2026-10-01T01:00:00', wh: 1 }),
        reading({ start: '2026-02-30T01:00:00Z' }),
        reading({ wh: -1 }),
        reading({ wh: 1e21 }),
        reading({ quality: 'good' }),
        reading({ meterId: 'a#b', durationSeconds: 0 }),
        { ...reading(), colour: 'red' },
        7,
      ],
    });
    expect([status, body.accepted]).toEqual([202, 1]);
    const time = 'must be an ISO 8601 time in whole seconds with Z or an offset';
    expect(body.rejected).toEqual([
      { line: 2, field: 'start', reason: time },
      { line: 3, field: 'start', reason: time },
      { line: 4, field: 'wh', reason: 'must not be negative: energy fed in has a register of its own' },
      { line: 5, field: 'wh', reason: 'must be a plain decimal number' },
      { line: 6, field: 'quality', reason: 'must be one of estimated, substituted, actual' },
      { line: 7, field: 'meterId', reason: 'must be 1 to 64 of A-Z a-z 0-9 . _ -' },
      { line: 7, field: 'durationSeconds', reason: 'must be at least 1' },
      { line: 8, field: 'colour', reason: 'is not a field of this request' },
      { line: 9, field: 'body', reason: 'expected object, received number' },
    ]);
  });

  test('the same start with different values is ambiguous: nothing is taken', async () => {
    const { status, body } = await region.post({
      readings: [reading(), reading({ start: '2026-10-01T01:00:00-04:00' }), reading({ wh: 3 })],
    });
    expect([status, body.rejected]).toEqual([
      400,
      [{ line: 3, field: 'start', reason: 'contradicts line 1: two readings of the same time that differ' }],
    ]);
  });

  test.each([
    [{}, 'readings', 'is required'],
    [{ readings: [] }, 'readings', 'must have at least 1 reading'],
    [{ readings: [reading()], meter: 1 }, 'meter', 'is not a field of this request'],
    ['{"readings":[', 'body', 'is not valid JSON'],
  ])('%j is no list of readings', async (sent, field, message) => {
    const { status, body } = await region.post(sent);
    expect([status, body.type, body.errors]).toEqual([400, 'invalid-request', [{ field, message }]]);
  });

  test('better readings replace worse ones, later ones replace earlier ones of the same quality', async () => {
    const send = async (readings: unknown) => {
      await region.post({ readings });
      await region.work();
      region.clock.currentMs += 1_000;
      return usage('m1', '2026-10-01', '2026-10-01');
    };
    expect(await send(hours(24, 100, 'estimated'))).toBe('2400');
    expect(await send(hours(12, 200))).toBe('3600');
    expect(await send(hours(24, 300, 'substituted'))).toBe('6000');
    expect(await send(hours(12, 250))).toBe('6600');
    expect(await send(hours(24, 100, 'estimated'))).toBe('6600');
  });
});

describe('meters of an account', () => {
  const meters = async (account: string) =>
    (await region.catalog.meters(account as AccountId)).map(({ meterId }) => meterId);
  const into = (account: string) => ({ query: { account }, claims: OPERATOR });

  test('unknown ones join it, those of another account keep their readings', async () => {
    await region.post({ readings: [reading()] }, into('us_a'));
    const { status } = await region.post({ readings: [reading(), reading({ meterId: 'm2' })] }, into('us_b'));
    expect([status, await meters('us_a'), await meters('us_b')]).toEqual([202, ['m1'], ['m2']]);
  });

  test('a usage point whose number another account has is known by its UUID', async () => {
    const inland = String(fixture('green-button/inland_single_family_2011_hourly.xml'));
    const daily = String(fixture('green-button/one_year_daily.xml'));
    await region.post(inland, { ...xml, ...into('us_a') });
    await region.post(daily, { ...xml, ...into('us_b') });
    await region.post(daily, { ...xml, ...into('us_b') });
    const uuid = 'c8c34b3a-d175-447b-bd00-176f60194de0';
    expect([await meters('us_a'), await meters('us_b')]).toEqual([['1'], [uuid]]);
    await region.work();
    expect(await usage('1', '2011-01-01', '2011-12-31')).toBe('8343306');
    expect(await usage(uuid, '2013-01-01', '2014-03-31')).toBe('9917817');
  });

  test('a delivery that contradicts itself joins nothing', async () => {
    await region.post({ readings: [reading(), reading({ wh: 3 })] }, into('us_a'));
    expect(await meters('us_a')).toEqual([]);
  });

  test.each([
    [{ account: 'nonsense' }, OPERATOR, 400, 'invalid-request'],
    [{ account: 'eu_a' }, OPERATOR, 421, 'wrong-jurisdiction'],
    [{ account: 'us_a' }, WRITER, 403, 'account-forbidden'],
    [{ account: 'us_nobody' }, OPERATOR, 404, 'account-not-found'],
    [{ acount: 'us_a' }, OPERATOR, 400, 'invalid-request'],
    [{}, { scope: 'billing:operate' }, 403, 'scope-missing'],
  ])('%j as %j is %d %s', async (query, claims, status, type) => {
    const answer = await region.post({ readings: [reading()] }, { query, claims });
    expect([answer.status, answer.body.type]).toEqual([status, type]);
  });
});

describe('refusals', () => {
  test.each([
    ['application/pdf', 415, 'unsupported-media-type'],
    ['text/csv; charset=latin1', 415, 'unsupported-media-type'],
  ])('%s is %d', async (type, status, slug) => {
    const answer = await region.post('100', { headers: { 'content-type': type } });
    expect([answer.status, answer.body.type]).toEqual([status, slug]);
  });

  test('more than 4 MiB are 413', async () => {
    const { status, body } = await region.post('x'.repeat(4_194_305), csv);
    expect([status, body.detail]).toEqual([413, 'The body has 4194305 bytes; at most 4194304 are taken']);
  });

  test('a queue that does not take all of it: 503, and the same readings again are one batch', async () => {
    region.intake.send = async () => ({ failed: [0] });
    const { status, body } = await region.post({ readings: [reading()] });
    expect([status, body.type]).toEqual([503, 'outcome-unknown']);
  });

  test('a batch nobody sent is 404', async () => {
    expect(await region.status(`bat_${'A'.repeat(43)}`)).toMatchObject({ status: 404, type: 'batch-not-found' });
    expect(await region.status('..')).toMatchObject({ status: 404, type: 'batch-not-found' });
  });
});

describe('the worker', () => {
  test('hands back what it cannot store, and nothing else', async () => {
    await region.post({ readings: [reading()] });
    const [message] = region.intake.sent;
    const poison = ['{', '{"v":2}', '{"v":1,"batchId":"b","part":0,"days":[{"m":"m1","d":"2026-02-30","runs":[]}]}'];
    expect(
      await region.worker(sqsEvent(poison[0] ?? '', message?.body ?? '', poison[1] ?? '', poison[2] ?? '')),
    ).toEqual({
      batchItemFailures: [
        { itemIdentifier: 'message-0' },
        { itemIdentifier: 'message-2' },
        { itemIdentifier: 'message-3' },
      ],
    });
    expect(await usage('m1', '2026-10-01', '2026-10-01')).toBe('1250.5');
  });

  test('a table that is away costs no receive: a delayed copy stands for the message', async () => {
    const { body } = await region.post({ readings: [reading()] });
    const store = region.readings.store.bind(region.readings);
    region.readings.store = () => Promise.reject(new ReadingsUnavailable('away'));
    const [message] = region.intake.sent;
    const received = sqsEventAt(region.clock.nowMs(), message?.body ?? '');
    expect(await region.worker(received)).toEqual({ batchItemFailures: [] });
    expect(await region.status(body.batchId)).toMatchObject({ status: 'pending' });
    region.readings.store = store;
    const [, copy] = region.intake.sent;
    await region.worker(sqsEvent(copy?.body ?? ''));
    expect(await region.status(body.batchId)).toMatchObject({ status: 'stored' });
  });
});
