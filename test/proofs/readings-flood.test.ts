// The proof that readings cannot take a Region from payers: ten times what the template lets through, and every payment is taken.
// Every acknowledged reading is stored. What the flood adds to payments' p99 is told, not asserted: here all functions share the
// cores of one machine, which on Lambda they do not.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readAssembly } from '../../local/assembly/read-assembly.ts';
import { TABLES } from '../engine/tables.ts';
import { atRate } from '../local/at-rate.ts';
import { openAccounts, operatorDynamo } from '../local/auditor.ts';
import { fixtureText } from '../local/meter-files.ts';
import { settled, sharedRun } from '../local/shared-run.ts';
import type { Flood, FloodAnswer } from './flood-sender.ts';

const baseload = sharedRun();
const [REGION = ''] = baseload.regionNames;
/** Far below the limit of an account, so that it is not measured too. */
const ACCOUNTS = Array.from({ length: 20 }, (_, n) => `us_flood-${n}`);
const METER = 'flooded-meter';
const TARIFF = 'florida_power_light_rs1';
const TIMES = 10;
const PAIRS = 3;
const WINDOW_MS = 5_000;
const PAYMENTS_PER_SECOND = 15;
let sender: ChildProcess;
let operator = '';
let payer = '';
let throttle: { readonly ratePerSecond: number; readonly burst: number };
let paid = 0;
const flooded: FloodAnswer[] = [];

const ok = async (method: string, path: string, body: unknown): Promise<void> => {
  const answer = await baseload.region(REGION, method, path, { token: operator, body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
};

/** What windows leave to the workers is done before the next one, whichever it is. */
const workedOff = () =>
  baseload.waitFor('the queues of the Region are worked off', async () => {
    const { regions, queues } = await baseload.state();
    const own = queues.filter(({ region }) => region === REGION);
    return regions[REGION]?.viewLagMs === 0 && own.every(({ visible, inFlight }) => visible + inFlight === 0);
  });

const percentile = (values: readonly number[], percent: number): number =>
  [...values].sort((one, other) => one - other)[Math.ceil((values.length * percent) / 100) - 1] ?? Number.NaN;

const payAll = () =>
  atRate({ perSecond: PAYMENTS_PER_SECOND, forMs: WINDOW_MS }, () => {
    const n = paid++;
    return baseload.region(REGION, 'POST', `/v1/accounts/${ACCOUNTS[n % ACCOUNTS.length]}/payments`, {
      token: payer,
      idempotencyKey: `flood-${n}`,
      body: { amountMinor: 100, currency: 'USD', method: 'card' },
    });
  });

/** The 99th percentile of a window's payments, milliseconds. All of them are accepted. */
const payWindow = async (): Promise<number> => {
  const payments = await payAll();
  expect(payments.filter(({ answer }) => answer.status !== 201).map(({ answer }) => answer.body)).toEqual([]);
  return percentile(
    payments.map(({ tookMs }) => tookMs),
    99,
  );
};

const flood = async (forMs: number): Promise<readonly FloodAnswer[]> => {
  const order: Flood = {
    url: baseload.ready.regions[REGION] ?? '',
    token: operator,
    meterId: METER,
    perSecond: TIMES * throttle.ratePerSecond,
    forMs,
    from: flooded.length,
  };
  sender.send(order);
  const [answers] = (await once(sender, 'message')) as [readonly FloodAnswer[]];
  flooded.push(...answers);
  return answers;
};

const floodedWindow = async (): Promise<number> => {
  const [p99Ms, answers] = await Promise.all([payWindow(), flood(WINDOW_MS)]);
  const statuses = answers.map(({ status }) => status);
  // 429 is API Gateway's; 503 is what it makes of a function that has all its reserved concurrency under way.
  expect(statuses.filter((status) => ![202, 429, 503].includes(status))).toEqual([]);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(statuses.length / 2);
  // The bucket was full, and refilled for as long as the window took to be answered, a second late at most.
  const most = throttle.burst + throttle.ratePerSecond * (WINDOW_MS / 1000 + 1);
  expect(statuses.filter((status) => status === 202).length).toBeLessThanOrEqual(most);
  return p99Ms;
};

beforeAll(async () => {
  await settled(baseload);
  const { assembly } = await baseload.wiring();
  const region = readAssembly(assembly).regions.find((one) => one.region === REGION);
  const route = region?.httpApi.routes.find(({ routeKey }) => routeKey === 'POST /v1/readings');
  if (route === undefined) throw new Error('the template has no POST /v1/readings');
  throttle = route.throttle;
  operator = await baseload.token({ scope: 'billing:operate readings:write' });
  payer = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay' });
  await openAccounts(baseload, ACCOUNTS);
  await ok('PUT', `/v1/tariffs/${TARIFF}`, fixtureText(`tariffs/${TARIFF}.json`));
  await ok('PUT', `/v1/accounts/${ACCOUNTS[0]}/meters/${METER}`, { tariffId: TARIFF, from: '2010-01-01' });
  sender = fork(fileURLToPath(new URL('flood-sender.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await once(sender, 'message');
}, 120_000);
afterAll(() => {
  sender?.kill();
});

test('readings at ten times their throttle are refused, and every payment is taken', async () => {
  // Not measured: here the threads of all functions start on the same few cores, which those of Lambda do not.
  await payAll();
  await flood(1_000);
  const [without, withFlood]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    await workedOff();
    without.push(await payWindow());
    await workedOff();
    withFlood.push(await floodedWindow());
  }
  const [before, during] = [percentile(without, 50), percentile(withFlood, 50)].map(Math.round);
  process.stdout.write(`p99 of payments, median of ${PAIRS} windows: ${before} ms, with the flood ${during} ms\n`);
}, 180_000);

test('every reading that was acknowledged is stored, and none that was refused', async () => {
  const acknowledged = flooded.filter(({ status }) => status === 202);
  const left = acknowledged.values();
  const askNext = async (): Promise<void> => {
    for (const { batchId } of left) {
      await baseload.waitFor(
        `batch ${batchId} stored`,
        async () =>
          (await baseload.region(REGION, 'GET', `/v1/readings/${batchId}`, { token: operator })).body.status ===
          'stored',
        60_000,
      );
    }
  };
  await Promise.all([askNext(), askNext(), askNext(), askNext()]);

  const client = operatorDynamo(await baseload.dynamodb(REGION), REGION);
  const dates: string[] = [];
  for await (const { Items = [] } of paginateQuery(
    { client },
    {
      TableName: TABLES.readings,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `meter#${METER}` } },
      ConsistentRead: true,
    },
  )) {
    dates.push(...Items.map(({ sk }) => String(sk?.S).slice(0, 10)));
  }
  client.destroy();
  expect(acknowledged.length).toBeGreaterThan(PAIRS * throttle.ratePerSecond);
  expect(dates).toEqual(acknowledged.map(({ date }) => date).sort());
}, 120_000);
