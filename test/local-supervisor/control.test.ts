import { describe, expect, test } from '@jest/globals';
import { controlApp } from '../../local/control/app.ts';
import { type ControlState, stateOf } from '../../local/control/state.ts';
import type { TokenRequest } from '../../local/issuer/issuer.ts';
import type { ScopedFault } from '../../local/processes.ts';

const begin = () => {
  const told: string[] = [];
  const tokens: TokenRequest[] = [];
  const faults: ScopedFault[] = [];
  const say = (what: string) => async () => {
    told.push(what);
  };
  const region = (name: string) => ({
    kill: say(`kill ${name}`),
    start: say(`start ${name}`),
    isolate: say(`isolate ${name}`),
    rejoin: say(`rejoin ${name}`),
  });
  const app = controlApp({
    port: () => 4601,
    regions: new Map([
      ['us-east-1', region('us-east-1')],
      ['us-west-2', region('us-west-2')],
    ]),
    issuer: {
      jwks: { keys: [{ kty: 'RSA' }] },
      token: async (request) => {
        tokens.push(request);
        return 'a.b.c';
      },
    },
    state: async () => ({ facts: { total: 1 } }) as ControlState,
    wiring: {
      dynamodb: { 'us-east-1': 'http://127.0.0.1:4602' },
      sqs: { 'us-east-1': 'http://127.0.0.1:4606' },
      processor: 'http://127.0.0.1:4505',
      assembly: 'cdk.out',
      healthChecks: [],
      records: [],
    },
    injectFault: async (fault) => {
      faults.push(fault);
    },
  });
  const ask = async (
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const response = await app.request(`http://127.0.0.1:4601${path}`, {
      method,
      headers: { host: '127.0.0.1:4601', ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return { ask, told, tokens, faults };
};

describe('the control API', () => {
  test.each(['kill', 'start', 'isolate', 'rejoin'])('%s tells the Region and answers 200', async (action) => {
    const { ask, told } = begin();
    expect(await ask('POST', `/api/regions/us-west-2/${action}`)).toEqual({
      status: 200,
      body: { region: 'us-west-2', action },
    });
    expect(told).toEqual([`${action} us-west-2`]);
  });

  test('an unknown Region, route or method is a 404 in JSON', async () => {
    const { ask, told } = begin();
    expect(await ask('POST', '/api/regions/eu-west-1/kill')).toEqual({
      status: 404,
      body: { message: 'unknown Region eu-west-1: there are us-east-1, us-west-2' },
    });
    expect((await ask('POST', '/api/regions/us-east-1/explode')).status).toBe(404);
    expect((await ask('GET', '/api/regions/us-east-1/kill')).status).toBe(404);
    expect(told).toEqual([]);
  });

  test('only this machine may ask: Host against DNS rebinding, Origin against stray pages', async () => {
    const { ask, told } = begin();
    expect(await ask('POST', '/api/regions/us-east-1/kill', { headers: { host: 'evil.example.com' } })).toEqual({
      status: 403,
      body: { message: 'Host evil.example.com is not this server: use 127.0.0.1:4601' },
    });
    expect(
      await ask('POST', '/api/regions/us-east-1/kill', { headers: { origin: 'https://evil.example.com' } }),
    ).toEqual({
      status: 403,
      body: { message: 'Origin https://evil.example.com may not use the control API' },
    });
    expect((await ask('GET', '/dev/token', { headers: { origin: 'null' } })).status).toBe(403);
    expect(told).toEqual([]);
    expect(
      (await ask('GET', '/api/state', { headers: { host: 'localhost:4601', origin: 'http://localhost:4601' } })).status,
    ).toBe(200);
  });

  test('tokens are made as asked for', async () => {
    const { ask, tokens } = begin();
    const answer = await ask(
      'GET',
      '/dev/token?accounts=us_a,us_b&scope=billing:read%20billing:pay&ttlSeconds=-5&audience=x',
    );
    expect(answer).toEqual({ status: 200, body: { token: 'a.b.c' } });
    expect(tokens).toEqual([
      { accounts: ['us_a', 'us_b'], scope: 'billing:read billing:pay', ttlSeconds: -5, audience: 'x' },
    ]);
    await ask('GET', '/dev/token');
    expect(tokens[1]).toEqual({ accounts: [], scope: '' });
    expect(await ask('GET', '/dev/token?ttlSeconds=soon')).toEqual({
      status: 400,
      body: { message: 'ttlSeconds is a whole number up to 31622400, got soon' },
    });
    expect((await ask('GET', '/dev/token?ttlSeconds=')).status).toBe(400);
    expect(tokens).toHaveLength(2);
  });

  test('the public keys are published', async () => {
    const { ask } = begin();
    expect((await ask('GET', '/.well-known/jwks.json')).body).toEqual({ keys: [{ kty: 'RSA' }] });
  });

  test('ledger faults are checked and passed on', async () => {
    const { ask, faults } = begin();
    const fault = { kind: 'lost-answer', region: 'us-east-1', count: 1 };
    expect(await ask('POST', '/api/ledger/faults', { body: fault })).toEqual({ status: 200, body: fault });
    expect(faults).toEqual([fault]);
    for (const body of [
      undefined,
      {},
      { ...fault, kind: 'fire' },
      { ...fault, region: 'x' },
      { ...fault, count: -1 },
      { ...fault, a: 1 },
    ]) {
      expect((await ask('POST', '/api/ledger/faults', { body })).status).toBe(400);
    }
    expect(faults).toHaveLength(1);
  });
});

describe('the state', () => {
  test('an isolated Region falls behind with the time, though its reader has nothing left to read', () => {
    const cutOff = {
      region: 'us-east-1',
      process: 'up',
      network: 'isolated',
      routing: { health: 'healthy', votes: { healthy: 16, counted: 16, total: 16 }, evacuated: false },
      admin: { viewLagMs: 0, queues: [] },
      lastLag: { viewLagMs: 15, ageMs: 6_000 },
    } as const;
    const { regions } = stateOf([cutOff], undefined, [], { total: 0, byType: {} }, 0);
    expect(regions['us-east-1']).toMatchObject({ process: 'up', network: 'isolated', viewLagMs: 6_015 });
  });

  const routing = { health: 'healthy', votes: { healthy: 16, counted: 16, total: 16 }, evacuated: false } as const;
  const queue = { slug: 'project-facts', visible: 0, inFlight: 0, oldestAgeMs: 0, dlq: 0 };

  test('has exactly the shape that callers rely on', () => {
    const state = stateOf(
      [
        {
          region: 'us-east-1',
          process: 'up',
          network: 'connected',
          routing,
          admin: { viewLagMs: 12, queues: [queue] },
          lastLag: { viewLagMs: 12, ageMs: 0 },
        },
        {
          region: 'us-west-2',
          process: 'down',
          network: 'isolated',
          routing: { ...routing, health: 'unhealthy', votes: { healthy: 1, counted: 16, total: 16 } },
          lastLag: { viewLagMs: 40, ageMs: 2_000 },
        },
      ],
      { region: 'us-east-1', target: 'd-1', ttlSeconds: 5 },
      [{ name: 'n', slug: 'health-unhealthy', tier: 'P0', region: 'us-east-1' }],
      { total: 36, byType: { BillIssued: 35, AccountOpened: 1 } },
      1_000,
    );
    expect(state).toEqual({
      regions: {
        'us-east-1': {
          process: 'up',
          network: 'connected',
          health: 'healthy',
          checkers: { healthy: 16, total: 16 },
          evacuated: false,
          viewLagMs: 12,
        },
        'us-west-2': {
          process: 'down',
          network: 'isolated',
          health: 'unhealthy',
          checkers: { healthy: 1, total: 16 },
          evacuated: false,
          viewLagMs: 2_040,
        },
      },
      dns: { answer: 'us-east-1', target: 'd-1', ttlSeconds: 5 },
      alarms: [
        { slug: 'health-unhealthy', tier: 'P0', region: 'us-east-1', state: 'INSUFFICIENT_DATA', sinceMs: 1_000 },
      ],
      queues: [{ region: 'us-east-1', ...queue }],
      facts: { total: 36, byType: { BillIssued: 35, AccountOpened: 1 } },
    });
  });
});
