// The proof that readings cannot take a Region from payers: ten times what the template lets through, and every payment is taken.
// Every acknowledged reading is stored. What the flood adds to the time of payments is told, not asserted: here all that runs shares
// the cores of one machine, which on Lambda it does not.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operatorDynamo } from '../../drills/auditor/auditor.ts';
import { atRate } from '../../drills/load/at-rate.ts';
import type { Harness } from '../../drills/pair/harness.ts';
import { startOwnRun } from '../../drills/pair/own-run.ts';
import { readAssembly } from '../../local/assembly/read-assembly.ts';
import { percentile } from '../../local/percentile.ts';
import { TABLES } from '../engine/tables.ts';
import { fixtureText } from '../local/meter-files.ts';
import { triedAgain } from '../local/tried-again.ts';
import type { Flood, FloodAnswer } from './flood-sender.ts';

/** Far below the limit of an account, so that it is not measured too. */
const ACCOUNTS = Array.from({ length: 20 }, (_, n) => `us_flood-${n}`);
const METER = 'flooded-meter';
const TARIFF = 'florida_power_light_rs1';
const TIMES = 10;
const ROUNDS = 4;
const WINDOW_MS = 4_000;
/** What follows on each takes a tenth of a second of cores here: more of them, and there is no quiet to compare with. */
const PAYMENTS_PER_SECOND = 8;
let baseload: Harness;
let east = '';
let sender: ChildProcess;
let operator = '';
let payer = '';
let throttle: { readonly ratePerSecond: number; readonly burst: number };
let paid = 0;
const flooded: FloodAnswer[] = [];

const ok = async (method: string, path: string, body: unknown): Promise<void> => {
  const answer = await baseload.region(east, method, path, { token: operator, body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
};

/** What windows leave to the workers is done before the next one, whichever it is. */
const workedOff = () =>
  baseload.waitFor(
    'the queues of the Region are worked off',
    async () => {
      const { regions, queues } = await baseload.state();
      const own = queues.filter(({ region }) => region === east);
      return regions[east]?.viewLagMs === 0 && own.every(({ visible, inFlight }) => visible + inFlight === 0);
    },
    60_000,
  );

const payAll = () =>
  atRate({ perSecond: PAYMENTS_PER_SECOND, forMs: WINDOW_MS }, () => {
    const n = paid++;
    const request = {
      token: payer,
      idempotencyKey: `flood-${n}`,
      body: { amountMinor: 100, currency: 'USD', method: 'card' },
    };
    const path = `/v1/accounts/${ACCOUNTS[n % ACCOUNTS.length]}/payments`;
    return triedAgain(() => baseload.region(east, 'POST', path, request));
  });

/** What each payment of a window took until it was accepted, milliseconds, as all of them are. */
const payWindow = async (): Promise<readonly number[]> => {
  const payments = await payAll();
  expect(payments.filter(({ answer }) => answer.status !== 201).map(({ answer }) => answer.body)).toEqual([]);
  return payments.map(({ tookMs }) => tookMs);
};

const flood = async (forMs: number): Promise<readonly FloodAnswer[]> => {
  const order: Flood = {
    url: baseload.ready.regions[east] ?? '',
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

const floodWindow = async (): Promise<void> => {
  const startedMs = performance.now();
  const statuses = (await flood(WINDOW_MS)).map(({ status }) => status);
  const tookSeconds = (performance.now() - startedMs) / 1000;
  // 429 is API Gateway's; 503 is what it makes of a function that has all its reserved concurrency under way.
  expect(statuses.filter((status) => ![202, 429, 503].includes(status))).toEqual([]);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  // At most the bucket was full, and refilled for as long as the flood took to be answered.
  const most = throttle.burst + throttle.ratePerSecond * tookSeconds;
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(most);
};

const floodedWindow = async (): Promise<readonly number[]> => (await Promise.all([payWindow(), floodWindow()]))[0];

beforeAll(async () => {
  ({ baseload, east } = await startOwnRun(ACCOUNTS));
  const { assembly } = await baseload.wiring();
  const region = readAssembly(assembly).regions.find((one) => one.region === east);
  const route = region?.httpApi.routes.find(({ routeKey }) => routeKey === 'POST /v1/readings');
  if (route === undefined) throw new Error('the template has no POST /v1/readings');
  throttle = route.throttle;
  operator = await baseload.token({ scope: 'billing:operate readings:write' });
  payer = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay' });
  await ok('PUT', `/v1/tariffs/${TARIFF}`, fixtureText(`tariffs/${TARIFF}.json`));
  await ok('PUT', `/v1/accounts/${ACCOUNTS[0]}/meters/${METER}`, { tariffId: TARIFF, from: '2010-01-01' });
  sender = fork(fileURLToPath(new URL('flood-sender.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await once(sender, 'message');
}, 180_000);
afterAll(async () => {
  sender?.kill();
  await baseload?.stop();
});

test('readings at ten times their throttle are refused, and every payment is taken', async () => {
  // Not measured: here the threads of all functions start on the same few cores, which those of Lambda do not.
  await Promise.all([payAll(), flood(1_000)]);
  const windows: { readonly quiet: number[][]; readonly flooded: number[][] } = { quiet: [], flooded: [] };
  for (let round = 0; round < ROUNDS; round++) {
    // In turns first: what gets better or worse with time does so for both.
    for (const kind of round % 2 === 0 ? (['quiet', 'flooded'] as const) : (['flooded', 'quiet'] as const)) {
      await workedOff();
      windows[kind].push([...(await (kind === 'quiet' ? payWindow() : floodedWindow()))]);
    }
  }
  const told = [50, 99].map((percent) => {
    const [quiet, flooded] = [windows.quiet, windows.flooded].map((of) => Math.round(percentile(of.flat(), percent)));
    return `p${percent} ${quiet} ms, flooded ${flooded} ms`;
  });
  process.stdout.write(`${windows.quiet.flat().length} payments each: ${told.join('; ')}\n`);
}, 180_000);

test('every reading that was acknowledged is stored, and none that the throttle refused', async () => {
  const daysOf = (status: number) => flooded.filter((answer) => answer.status === status).map(({ date }) => date);
  const acknowledged = daysOf(202);
  expect(acknowledged.length).toBeGreaterThan(throttle.burst);
  const client = operatorDynamo(await baseload.dynamodb(east), east);
  const storedDays = async (): Promise<ReadonlySet<string>> => {
    const days = new Set<string>();
    for await (const { Items = [] } of paginateQuery(
      { client },
      {
        TableName: TABLES.readings,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `meter#${METER}` } },
        ConsistentRead: true,
      },
    )) {
      for (const { sk } of Items) days.add(String(sk?.S).slice(0, 10));
    }
    return days;
  };
  let stored: ReadonlySet<string> = new Set();
  try {
    await baseload.waitFor(
      'all acknowledged readings stored',
      async () => {
        stored = await storedDays();
        return acknowledged.every((day) => stored.has(day));
      },
      60_000,
      () => acknowledged.filter((day) => !stored.has(day)),
    );
  } finally {
    client.destroy();
  }
  expect(daysOf(429).filter((day) => stored.has(day))).toEqual([]);
}, 90_000);
