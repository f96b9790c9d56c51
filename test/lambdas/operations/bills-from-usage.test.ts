// Owns the proof that bills come from readings and tariffs: as previewed, once a period, and corrected by one fact.
// Leaves to test/domain/rating every amount but the one others computed.
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { IsoDate } from '../../../lambdas/domain/ids.ts';
import { registerDay } from '../../../lambdas/domain/readings/meter-day.ts';
import { type Call, payer } from '../harness/api-event.ts';
import { calls, memoryStores, type TestRegion, testRegion } from '../harness/region.ts';

const ACCOUNT = '/v1/accounts/{accountId}';
const HALF_HOUR_MS = 1_800_000;

let stores: ReturnType<typeof memoryStores>;
let region: TestRegion;

const all = <T>(value: T): T[][] => Array.from({ length: 12 }, () => Array<T>(24).fill(value));
/** Of 2017, without its 10 % GST: 89.572 c a day and 24.61 c per kWh. */
const tariff11 = (more: object = {}) => ({
  name: 'Tariff 11',
  energyratestructure: [[{ rate: 0.2461, unit: 'kWh' }]],
  energyweekdayschedule: all(0),
  energyweekendschedule: all(0),
  fixedchargefirstmeter: 0.89572,
  fixedchargeunits: '$/day',
  baseload: { currency: 'AUD', taxes: [{ name: 'GST', rate: 0.1 }] },
  ...more,
});

const putTariff = (body: unknown = tariff11(), tariffId = 't11'): Call => ({
  routeKey: 'PUT /v1/tariffs/{tariffId}',
  path: { tariffId },
  body,
});
const putMeter = (
  body: unknown = { tariffId: 't11', from: '2016-08-01' },
  accountId = 'us_q',
  meterId = 'nmi1',
): Call => ({
  routeKey: `PUT ${ACCOUNT}/meters/{meterId}`,
  path: { accountId, meterId },
  body,
});
const preview = (period = '2016-08', accountId = 'us_q'): Call => ({
  routeKey: `GET ${ACCOUNT}/bills/preview`,
  path: { accountId },
  query: { period },
});
const issue = (key: string, period = '2016-08'): Call => calls.bill(key, period, 0, { lines: undefined }, 'us_q');
const rebill = (key: string, billId = 'bill_2016-08_r1'): Call => ({
  routeKey: `POST ${ACCOUNT}/bills/{billId}/rebills`,
  path: { accountId: 'us_q', billId },
  headers: { 'idempotency-key': key },
  body: { reason: 'readings were corrected' },
});

/** 22 days from 2016-08-10, AEST: 142.5 kWh, spread evenly but for the last half hour. */
const store = (whADay: string, receivedMs: number, days = 22) =>
  stores.readings.store(
    Array.from({ length: days }, (_, day) => {
      const startMs = Date.parse('2016-08-09T14:00:00Z') + day * 48 * HALF_HOUR_MS;
      const interval = { startMs, durationSeconds: 86_400, wh: whADay, quality: 'actual' as const };
      const date = new Date(startMs + 36_000_000).toISOString().slice(0, 10) as IsoDate;
      return registerDay({ meterId: 'nmi1', date, register: 'E1', flow: 'import', intervals: [interval], receivedMs });
    }),
  );

beforeEach(async () => {
  stores = memoryStores();
  region = testRegion(stores);
  await region.call(calls.open('us_q', { currency: 'AUD', timeZone: 'Australia/Brisbane' }));
  await region.call(calls.open());
});

describe('tariffs and meters', () => {
  test('a rate object is stored, again changes nothing, another start is another version', async () => {
    const first = await region.call(putTariff());
    expect([first.status, first.body]).toEqual([
      200,
      { tariffId: 't11', name: 'Tariff 11', currency: 'AUD', startDate: null },
    ]);
    expect((await region.call(putTariff())).body).toEqual(first.body);
    expect((await region.call(putTariff(tariff11({ startdate: 1_483_228_800 })))).body.startDate).toBe('2017-01-01');
    expect((await stores.catalog.tariffVersions('t11')).map(({ startDate }) => startDate)).toEqual([
      undefined,
      '2017-01-01',
    ]);
  });

  test('an incomplete one is refused by the field', async () => {
    const incomplete = readFileSync(
      new URL('../../../fixtures/tariffs/incomplete_dixie_escalante.json', import.meta.url),
      'utf8',
    );
    const answer = await region.call(putTariff(JSON.parse(incomplete)));
    expect([answer.status, answer.body.type]).toEqual([400, 'invalid-request']);
    expect(answer.body.errors.length).toBeGreaterThan(0);
    expect(await stores.catalog.tariffVersions('t11')).toEqual([]);
  });

  test('a meter needs a tariff that is there, in the account’s currency, and belongs to one account', async () => {
    const unknown = await region.call(putMeter());
    expect([unknown.status, unknown.body.type]).toEqual([404, 'tariff-not-found']);
    await region.call(putTariff());
    const foreign = await region.call(putMeter(undefined, 'us_a'));
    expect([foreign.status, foreign.body.type]).toEqual([409, 'tariff-currency']);
    expect((await region.call(putMeter())).body).toEqual({
      accountId: 'us_q',
      meterId: 'nmi1',
      tariffId: 't11',
      from: '2016-08-01',
    });
    await region.call(calls.open('us_r', { currency: 'AUD' }));
    const taken = await region.call(putMeter(undefined, 'us_r'));
    expect([taken.status, taken.body.type]).toEqual([409, 'meter-taken']);
  });

  test.each([
    [putTariff(tariff11(), 'a#b'), 'tariffId', 'must be 1 to 64 of A-Z a-z 0-9 . _ -'],
    [putMeter({ tariffId: 't11', from: '2016-02-30' }), 'from', 'must be a real date, YYYY-MM-DD'],
    [putMeter({ tariffId: 't11', from: '2016-02-01', to: 1 }), 'to', 'is not a field of this request'],
    [putMeter({ from: '2016-02-01' }), 'tariffId', 'is required'],
  ])('%# is refused', async (call, field, message) => {
    const answer = await region.call(call);
    expect([answer.status, answer.body.errors]).toEqual([400, [{ field, message }]]);
  });

  test('a payer may not', async () => {
    for (const call of [putTariff(), putMeter()]) {
      expect((await region.call({ ...call, claims: payer('us_q') })).body.type).toBe('scope-missing');
    }
  });
});

describe('the Queensland home, August 2016', () => {
  beforeEach(async () => {
    await region.call(putTariff());
    await region.call(putMeter());
    // 142.50 kWh in 22 days.
    await store('6477.272727272727272727', 1);
  });

  test('is previewed, with its quality, to the cent that others computed', async () => {
    const answer = await region.call({ ...preview(), claims: payer('us_q') });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        period: '2016-08',
        totalMinor: 6025,
        currency: 'AUD',
        lines: expect.any(Array),
        usageWh: 142_500,
        quality: 'actual',
      },
    ]);
  });

  test('is issued as previewed, once; the same key again is the same answer, another key 409', async () => {
    const { lines, totalMinor } = (await region.call(preview())).body;
    const answer = await region.call(issue('k'));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ lines, totalMinor, usageWh: 142_500, quality: 'actual', status: 'open' });
    await store('1000', 2);
    const again = await region.call(issue('k'));
    expect([again.text, again.headers['Idempotent-Replayed']]).toEqual([answer.text, 'true']);
    const other = await region.call(issue('k2'));
    expect([other.status, other.body.type]).toEqual([409, 'bill-exists']);
  });

  test('is issued anew after corrected readings: credit note and next revision', async () => {
    await region.call(issue('k'));
    await store('3000', 2);
    const answer = await region.call(rebill('r'));
    expect([answer.status, answer.body]).toEqual([
      201,
      expect.objectContaining({
        billId: 'bill_2016-08_r2',
        revision: 2,
        usageWh: 66_000,
        totalMinor: 3954,
        dueDate: '2026-11-16',
        status: 'open',
        creditNote: { billId: 'bill_2016-08_r1', amountMinor: -6025, reason: 'readings were corrected' },
      }),
    ]);
    const again = await region.call(rebill('r'));
    expect([again.text, again.headers['Idempotent-Replayed']]).toEqual([answer.text, 'true']);
    const late = await region.call(rebill('r2'));
    expect([late.status, late.body.type]).toEqual([409, 'already-reversed']);
    await region.project();
    const bills = (await region.call(calls.look('/bills', {}, 'us_q'))).body.bills;
    expect(bills.map(({ billId, status }: { billId: string; status: string }) => [billId, status])).toEqual([
      ['bill_2016-08_r2', 'open'],
      ['bill_2016-08_r1', 'credited'],
    ]);
    expect((await region.call(calls.look('', {}, 'us_q'))).body.balanceMinor).toBe(3954);
  });

  test('the statement tells both documents, also a line a page', async () => {
    await region.call(issue('k'));
    await store('3000', 2);
    await region.call(rebill('r'));
    await region.project();
    const told: unknown[] = [];
    let cursor: string | null | undefined;
    do {
      const query = { limit: '1', ...(cursor ? { cursor } : {}) };
      const { lines, nextCursor } = (await region.call(calls.look('/statement', { query }, 'us_q'))).body;
      for (const { type, billId, amountMinor, balanceMinor } of lines)
        told.push([type, billId, amountMinor, balanceMinor]);
      cursor = nextCursor;
    } while (cursor);
    expect(told).toEqual([
      ['bill', 'bill_2016-08_r1', 6025, 6025],
      ['credit-note', 'bill_2016-08_r1', -6025, 0],
      ['bill', 'bill_2016-08_r2', 3954, 3954],
    ]);
  });

  test('twenty rebills at once under twenty keys are one', async () => {
    await region.call(issue('k'));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => region.call(rebill(`r${n}`))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
    expect([...(stores.ledger.accounts.get('us_q')?.keys() ?? [])]).toEqual([
      'a#000',
      'b#2016-08#000',
      'b#2016-08#001',
    ]);
  });

  test('a rebill whose answer was lost is found again, in the other Region, whatever the readings say by then', async () => {
    await region.call(issue('k'));
    const answer = await region.call(rebill('r'));
    await store('9000', 3);
    const other = testRegion(stores, 'us-west-2', region.clock);
    expect((await other.call(rebill('r'))).text).toBe(answer.text);
  });

  test('of a bill that is not there is 404', async () => {
    for (const billId of ['bill_2016-08_r1', 'bill_x']) {
      const answer = await region.call(rebill('r', billId));
      expect([answer.status, answer.body.type]).toEqual([404, 'bill-not-found']);
    }
  });
});

describe('what cannot be billed', () => {
  test('no meter, and no reading, is missing: previewed as such, not issued', async () => {
    expect((await region.call(preview())).body).toEqual({
      period: '2016-08',
      totalMinor: 0,
      currency: 'AUD',
      lines: [],
      usageWh: 0,
      quality: 'missing',
    });
    await region.call(putTariff());
    await region.call(putMeter());
    const answer = await region.call(issue('k'));
    expect([answer.status, answer.body.type]).toEqual([409, 'usage-missing']);
  });

  test('a meter that joined by its readings has no tariff yet', async () => {
    await stores.catalog.joinMeter('us_q' as never, 'nmi1');
    for (const call of [preview(), issue('k')]) {
      const answer = await region.call(call);
      expect([answer.status, answer.body.type]).toEqual([409, 'tariff-missing']);
    }
  });

  test('a period that is no month is refused', async () => {
    const answer = await region.call(preview('2016-13'));
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [{ field: 'period', message: 'must be a month, YYYY-MM' }],
    ]);
  });
});
