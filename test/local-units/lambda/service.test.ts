// Owns the proof that a function here behaves as on Lambda: environment, context, errors, timeout, memory, concurrency.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { FunctionPlan } from '../../../local/assembly/plan.ts';
import type { MetricDatum } from '../../../local/lambda/emf.ts';
import { type Lambda, startLambda } from '../../../local/lambda/service.ts';
import { MovableClock } from '../../../local/movable-clock.ts';
import { regionOf, workspace } from './bundled.ts';

const space = workspace();
const started: Lambda[] = [];
const logs: string[] = [];
const metrics: MetricDatum[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((lambda) => lambda.close()));
  logs.length = 0;
  metrics.length = 0;
});
afterAll(() => space.remove());

function start(functions: readonly FunctionPlan[], maxEnvironments = 4, clockOffset?: SharedArrayBuffer): Lambda {
  const lambda = startLambda({
    plan: regionOf(...functions),
    endpoints: { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' },
    onLog: (_name, lines) => logs.push(...lines),
    onMetric: (_name, data) => metrics.push(...data),
    maxEnvironments,
    ...(clockOffset === undefined ? {} : { clockOffset }),
  });
  started.push(lambda);
  return lambda;
}

const ECHO_ENV = 'export const handler = async () => process.env;';

describe('a function in a worker thread', () => {
  test('gets the event and what the context of its alias says', async () => {
    const source = `export const handler = async (event: unknown, context: any) => ({
      event, name: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
      left: context.getRemainingTimeInMillis() > 2000, id: context.awsRequestId.length });`;
    const lambda = start([space.fn('context', source, { alias: 'live' })]);
    const result = await lambda.invoke('context', '{"a":[1,"é"]}');
    expect(result).toMatchObject({ kind: 'returned' });
    expect(JSON.parse((result as { payload: string }).payload)).toEqual({
      event: { a: [1, 'é'] },
      name: 'context',
      arn: 'arn:aws:lambda:us-east-1:111111111111:function:context:live',
      memory: '256',
      left: true,
      id: 36,
    });
  });

  test('reaches a public name of the application where it stands on this machine, and no other', async () => {
    const edge = createServer((request, response) => response.end(`${request.method} ${request.url}`));
    await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
    const { port } = edge.address() as AddressInfo;
    const source = `export const handler = async () => {
      const ask = (url: string) => fetch(url, { redirect: 'error' }).then((answer) => answer.text(), (error) => error.cause?.message);
      return [await ask('https://us-west-2.billing.example.com/health?a=1'), await ask('http://127.0.0.1:1/')];
    };`;
    const lambda = startLambda({
      plan: regionOf(space.fn('names', source)),
      endpoints: {},
      publicPorts: { 'us-west-2.billing.example.com': port },
      onLog: (_name, lines) => logs.push(...lines),
      onMetric: () => undefined,
    });
    started.push(lambda);
    const result = await lambda.invoke('names', '{}');
    edge.closeAllConnections();
    edge.close();
    expect(JSON.parse((result as { payload: string }).payload)).toEqual(['GET /health?a=1', 'bad port']);
  });

  test('sees the clock of the run wherever it asks for the time, and its own time goes on by the machine’s', async () => {
    const clock = new MovableClock(Date.now);
    const source = `export const handler = async (_event: unknown, context: any) => ({
      now: Date.now(), made: new Date().getTime(), said: Date.parse(Date()), given: new Date(5).getTime(),
      is: new Date() instanceof Date && new Date().constructor === Date, utc: Date.UTC(1970, 0, 2), left: context.getRemainingTimeInMillis() > 2000 });`;
    const lambda = start([space.fn('clock', source)], 1, clock.offset);
    const ask = async () => JSON.parse(((await lambda.invoke('clock', '{}')) as { payload: string }).payload);
    expect(Math.abs((await ask()).now - Date.now())).toBeLessThan(10_000);
    clock.moveTo(90_000_000);
    const { now, made, said, ...rest } = await ask();
    for (const seenMs of [now, made, said]) expect(Math.abs(seenMs - Date.now() - 90_000_000)).toBeLessThan(10_000);
    expect(rest).toEqual({ given: 5, is: true, utc: 86_400_000, left: true });
  });

  test('sees its own variables, its role’s credentials, the Region’s endpoints, and nothing of this process', async () => {
    process.env.BASELOAD_TEST_SECRET = 'of the parent';
    const lambda = start([
      space.fn('one', ECHO_ENV, { environment: { WHO: 'one' } }),
      space.fn('two', ECHO_ENV, { environment: { WHO: 'two' } }),
    ]);
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (name) =>
        JSON.parse(((await lambda.invoke(name, '{}')) as { payload: string }).payload),
      ),
    );
    delete process.env.BASELOAD_TEST_SECRET;
    expect(one).toMatchObject({
      WHO: 'one',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'LKIATESTER',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'one',
    });
    expect(two.WHO).toBe('two');
    expect(one.BASELOAD_TEST_SECRET).toBeUndefined();
    expect(one.PATH).toBeUndefined();
  });

  test('that throws is an unhandled function error with type and message', async () => {
    const lambda = start([
      space.fn('throws', `export const handler = async () => { throw new RangeError('no such period'); };`),
    ]);
    expect(await lambda.invoke('throws', '{}')).toMatchObject({
      kind: 'failed',
      error: { errorType: 'RangeError', errorMessage: 'no such period' },
    });
  });

  test('that never ends is stopped at its timeout, what it printed is kept, and the next event runs afresh', async () => {
    const source = `let calls = 0; export const handler = async (e: any) => { calls += 1; console.log('call', calls);
      if (e.spin) while (true); return calls; };`;
    const lambda = start([space.fn('spins', source, { timeoutSeconds: 1 })]);
    const result = await lambda.invoke('spins', '{"spin":true}');
    expect(result).toMatchObject({ kind: 'failed', error: { errorType: 'Sandbox.Timedout' } });
    expect((result as { error: { errorMessage: string } }).error.errorMessage).toMatch(
      /Task timed out after 1\.00 seconds$/,
    );
    expect(await lambda.invoke('spins', '{}')).toMatchObject({ kind: 'returned', payload: '1' });
    expect(logs.filter((line) => line.startsWith('call'))).toEqual(['call 1', 'call 1']);
  });

  test.each([
    [
      'an uncaught error',
      `setTimeout(() => { throw new Error('late'); }, 1); await new Promise(() => {});`,
      'Error',
      'late',
    ],
    ['process.exit', `process.exit(3);`, 'Runtime.ExitError', 'Runtime exited with error: exit status 3'],
  ])('that crashes by %s fails the event at once and is replaced', async (_how, body, errorType, errorMessage) => {
    const source = `export const handler = async (e: any) => { if (e.crash) { ${body} } return 'alive'; };`;
    const lambda = start([space.fn('crashes', source)]);
    expect(await lambda.invoke('crashes', '{"crash":true}')).toMatchObject({
      kind: 'failed',
      error: { errorType, errorMessage },
    });
    expect(await lambda.invoke('crashes', '{}')).toMatchObject({ kind: 'returned', payload: '"alive"' });
  });

  test('that outgrows its memory fails with the limit named', async () => {
    const source = `export const handler = async () => { const all: object[] = []; for (;;) all.push({ a: all.length, b: [1, 2, 3] }); };`;
    const lambda = start([space.fn('grows', source, { memoryMb: 128, timeoutSeconds: 30 })]);
    expect(await lambda.invoke('grows', '{}')).toMatchObject({
      kind: 'failed',
      error: { errorType: 'Runtime.OutOfMemory', errorMessage: 'Memory limit of 128 MB was reached' },
    });
  });

  test('that cannot be loaded says why', async () => {
    const lambda = start([
      space.fn('broken', `throw new TypeError('bad init'); export const handler = async () => 1;`),
      space.fn('absent', 'export const handler = async () => 1;', { handler: 'index.main' }),
    ]);
    expect(await lambda.invoke('broken', '{}')).toMatchObject({
      kind: 'failed',
      error: { errorType: 'TypeError', errorMessage: 'bad init' },
    });
    expect(await lambda.invoke('absent', '{}')).toMatchObject({
      kind: 'failed',
      error: { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.main is undefined or not exported' },
    });
  });
});

describe('concurrency', () => {
  const SLOW = `let calls = 0; export const handler = async (e: any) => { calls += 1;
    await new Promise((done) => setTimeout(done, e.ms)); return calls; };`;

  test('beyond the reservation is throttled, and is free again afterwards', async () => {
    const lambda = start([space.fn('reserved', SLOW, { reservedConcurrency: 2 })]);
    const kinds = (await Promise.all([1, 2, 3].map(() => lambda.invoke('reserved', '{"ms":50}')))).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['returned', 'returned', 'throttled']);
    expect(await lambda.invoke('reserved', '{"ms":0}')).toMatchObject({ kind: 'returned' });
  });

  test('a reservation of zero refuses everything', async () => {
    const lambda = start([space.fn('off', SLOW, { reservedConcurrency: 0 })]);
    expect(await lambda.invoke('off', '{"ms":0}')).toEqual({ kind: 'throttled' });
  });

  test('events in turn reuse one warm environment; more than there are threads wait for the first free one', async () => {
    const lambda = start([space.fn('reused', SLOW)], 1);
    const payloads = (await Promise.all([1, 2, 3].map(() => lambda.invoke('reused', '{"ms":5}')))).map(
      (r) => (r as { payload: string }).payload,
    );
    expect(payloads).toEqual(['1', '2', '3']);
  });
});

test('metric documents among the lines become data, the rest are logs', async () => {
  const emf = {
    _aws: {
      Timestamp: 1_790_000_000_000,
      CloudWatchMetrics: [
        { Namespace: 'Baseload', Dimensions: [['service']], Metrics: [{ Name: 'paid', Unit: 'Count' }] },
      ],
    },
    service: 'payments',
    paid: 2,
  };
  const source = `export const handler = async () => { console.log(${JSON.stringify(JSON.stringify(emf))}); console.error('careful'); return 1; };`;
  await start([space.fn('metered', source)]).invoke('metered', '{}');
  expect(metrics).toEqual([
    {
      namespace: 'Baseload',
      name: 'paid',
      unit: 'Count',
      dimensions: { service: 'payments' },
      values: [2],
      atMs: 1_790_000_000_000,
    },
  ]);
  expect(logs).toEqual(['careful']);
});
