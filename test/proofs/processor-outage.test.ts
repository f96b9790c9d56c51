// The proof of D17 for the processor: 45 seconds without it cost no payer anything, no message, and no payment is charged twice.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atRate } from '../../drills/load/at-rate.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { booksOf, order, startOwnRun } from '../../drills/pair/own-run.ts';
import { METRICS } from '../../lambdas/shared/metric-names.ts';
import { triedAgain } from '../local/tried-again.ts';

/** Eight payments a second on twelve of them are seven in ten seconds on each: far from the limit of an account. */
const ACCOUNTS = Array.from({ length: 12 }, (_, n) => `us_outage-${n}`);
const PER_SECOND = 8;
const OUTAGE_MS = 45_000;
const PAYMENTS = 360;
/** Of a delayed copy in policies.ts, and as much as work and a breaker half-open at the wrong moment may take on top. */
const LONGEST_WAIT_MS = 120_000;
const WORK_MS = 30_000;

interface Metric {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

let baseload: Harness;
let metricLogs: readonly { readonly file: string; readonly from: number }[] = [];

const deadSettlements = async () =>
  (await baseload.state()).queues
    .filter(({ slug }) => slug === 'settlements')
    .map(({ region, dlq }) => [region, dlq])
    .sort();

/** The sum of a metric over both Regions, since the beginning of this proof. */
const counted = async (name: string, dimensions: Readonly<Record<string, string>>): Promise<number> => {
  const texts = await Promise.all(
    metricLogs.map(async ({ file, from }) => (await readFile(file)).subarray(from).toString('utf8')),
  );
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line.endsWith('}')))
    .map((line) => JSON.parse(line) as Metric)
    .filter((metric) => metric.name === name)
    .filter((metric) => Object.entries(dimensions).every(([key, value]) => metric.dimensions[key] === value))
    .reduce((sum, { values }) => sum + values.reduce((one, other) => one + other, 0), 0);
};

beforeAll(async () => {
  ({ baseload } = await startOwnRun(ACCOUNTS));
  const { dataDir } = await baseload.wiring();
  metricLogs = await Promise.all(
    baseload.regionNames.map(async (region) => {
      const file = join(dataDir, region, 'logs', 'metrics.jsonl');
      return { file, from: (await stat(file)).size };
    }),
  );
}, 180_000);
afterAll(() => baseload?.stop());

test('the processor is away for 45 seconds of eight payments a second: all are accepted, and settled once it is back', async () => {
  const none = baseload.regionNames.map((region) => [region, 0]).sort();
  expect(await deadSettlements()).toEqual(none);
  const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:read billing:pay' });

  await order(baseload, '/api/processor/stop');
  const payments = await atRate({ perSecond: PER_SECOND, forMs: OUTAGE_MS }, (n) =>
    triedAgain(() =>
      baseload.api('POST', `/v1/accounts/${ACCOUNTS[n % ACCOUNTS.length]}/payments`, {
        token,
        idempotencyKey: `outage-${n}`,
        body: { amountMinor: 1_000 + n, currency: 'USD', method: 'card' },
      }),
    ),
  );
  const unsettled = async (): Promise<readonly number[]> => {
    const answers = await Promise.all(
      baseload.regionNames.flatMap((region) =>
        ACCOUNTS.map((account) => baseload.region(region, 'GET', `/v1/accounts/${account}`, { token })),
      ),
    );
    return answers.map(({ body }) => body.pendingMinor as number);
  };
  expect(payments.map(({ answer }) => answer.status)).toEqual(Array.from({ length: PAYMENTS }, () => 201));
  expect(Math.min(...(await unsettled()))).toBeGreaterThan(0);
  expect(await counted(METRICS.breakerOpened, { downstream: 'processor' })).toBeGreaterThan(0);
  expect(await counted(METRICS.workPostponed, { service: 'settle-payment' })).toBeGreaterThanOrEqual(PAYMENTS);
  expect(await deadSettlements()).toEqual(none);

  await order(baseload, '/api/processor/start');
  await baseload.waitFor(
    'nothing pending on any account in either Region',
    async () => (await unsettled()).every((pendingMinor) => pendingMinor === 0),
    LONGEST_WAIT_MS + WORK_MS,
  );

  const ids = new Set(payments.map(({ answer }) => String(answer.body.paymentId)));
  const collected = (await booksOf(baseload)).charges.filter(
    ({ paymentId, status }) => ids.has(paymentId) && status === 'collected',
  );
  expect(collected.map(({ paymentId, amountMinor }) => [paymentId, amountMinor]).sort()).toEqual(
    payments.map(({ answer }, n) => [String(answer.body.paymentId), 1_000 + n]).sort(),
  );
  // Not a single receive was spent on the outage.
  expect(await counted(METRICS.workFailures, { service: 'settle-payment' })).toBe(0);
  expect(await deadSettlements()).toEqual(none);
}, 300_000);
