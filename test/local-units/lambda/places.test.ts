// Owns the proof that functions take threads, cores and cold starts of one machine in the order in which the template ranks them.
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { FunctionPlan, RoutePlan } from '../../../local/assembly/plan.ts';
import { placesFor } from '../../../local/lambda/places.ts';
import { type Lambda, startLambda } from '../../../local/lambda/service.ts';
import { regionOf, workspace } from './bundled.ts';

const space = workspace();
const started: Lambda[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((lambda) => lambda.close()));
});
afterAll(() => space.remove());

const routeOf = (functionName: string, ratePerSecond: number, path = functionName): RoutePlan => ({
  routeKey: `GET /${path}`,
  functionName,
  scopes: [],
  throttle: { ratePerSecond, burst: 1 },
  timeoutMs: 1_000,
});

const planOf = (functions: readonly FunctionPlan[], routes: readonly RoutePlan[]) => ({
  ...regionOf(...functions),
  httpApi: { apiId: 'local', routes, domains: [] },
});

const start = (functions: readonly FunctionPlan[], routes: readonly RoutePlan[]): Lambda => {
  const lambda = startLambda({
    plan: planOf(functions, routes),
    endpoints: {},
    onLog: () => undefined,
    onMetric: () => undefined,
  });
  started.push(lambda);
  return lambda;
};

describe('a function’s place', () => {
  const fn = (name: string, reservedConcurrency?: number): FunctionPlan => ({
    logicalId: name,
    name,
    arn: name,
    roleName: 'tester',
    assetDir: '',
    handler: 'index.handler',
    timeoutSeconds: 3,
    memoryMb: 256,
    environment: {},
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
  });
  const functions = [fn('pay', 240), fn('look', 160), fn('health', 20), fn('meter', 20), fn('settle', 20)];
  const routes = [
    routeOf('pay', 1000),
    routeOf('look', 800),
    routeOf('health', 100),
    routeOf('meter', 5, 'seldom'),
    routeOf('meter', 20),
  ];
  const placeOf = placesFor({ functions, httpApi: { apiId: 'local', routes, domains: [] } });

  test('follows from its widest throttle and its reservation; what only events feed comes last', () => {
    const places = functions.map((one) => {
      const { maxEnvironments, niceness } = placeOf(one);
      return [one.name, maxEnvironments, niceness];
    });
    expect(places).toEqual([
      ['pay', 12, 0],
      ['look', 8, 0],
      ['health', 4, 3],
      ['meter', 4, 6],
      ['settle', 3, 10],
    ]);
  });

  test('without a reservation has all threads that one may have, and is never behind what events feed', () => {
    expect(placeOf(fn('pay')).maxEnvironments).toBe(12);
    const rare = placesFor({
      functions,
      httpApi: { apiId: 'local', routes: [routeOf('pay', 10_000), routeOf('meter', 1)], domains: [] },
    });
    expect(rare(fn('meter', 20)).niceness).toBe(9);
  });
});

// The priority of one thread is Linux's own.
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a function runs at the priority of its place, and this process keeps its own', async () => {
  const own = getPriority();
  const ASK = `import { getPriority } from 'node:os'; export const handler = async () => getPriority();`;
  const functions = ['pay', 'meter', 'settle'].map((name) => space.fn(`${name}-asks`, ASK));
  const lambda = start(functions, [routeOf('pay-asks', 1000), routeOf('meter-asks', 20)]);
  const answers = await Promise.all(functions.map(({ name }) => lambda.invoke(name, '{}')));
  const below = answers.map((answer) => Number((answer as { readonly payload: string }).payload) - own);
  expect(below).toEqual([0, 6, 10].map((steps) => Math.min(steps, 19 - own)));
  expect(getPriority()).toBe(own);
});

/** A function that cannot be loaded before there is a file of that name. */
const stuckUntil = (file: string): string => `import { existsSync } from 'node:fs';
  const wait = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(${JSON.stringify(file)})) Atomics.wait(wait, 0, 0, 10);
  export const handler = async () => 'at last';`;

test('cold starts of a lower place hold up none of a higher one', async () => {
  const opened = join(space.dir, 'opened');
  const functions = [
    space.fn('slow-to-start', stuckUntil(opened), { timeoutSeconds: 30 }),
    space.fn('first', `export const handler = async () => 'first';`),
  ];
  const lambda = start(functions, [routeOf('first', 1000), routeOf('slow-to-start', 20)]);
  const held = ['{}', '{}', '{}'].map((event) => lambda.invoke('slow-to-start', event));
  expect(await lambda.invoke('first', '{}')).toMatchObject({ kind: 'returned', payload: '"first"' });
  writeFileSync(opened, '');
  for (const answer of held) expect(await answer).toMatchObject({ kind: 'returned', payload: '"at last"' });
});

test('an event waits for a thread as long as its function may run', async () => {
  const stuck = space.fn('stuck', stuckUntil(join(space.dir, 'never')), { timeoutSeconds: 1 });
  expect(await start([stuck], [routeOf('stuck', 1000)]).invoke('stuck', '{}')).toEqual({ kind: 'throttled' });
}, 8_000);
