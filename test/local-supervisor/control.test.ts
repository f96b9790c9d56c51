import { describe, expect, test } from '@jest/globals';
import { controlApp } from '../../local/control/app.ts';
import { type ControlState, stateOf } from '../../local/control/state.ts';
import type { TokenRequest } from '../../local/issuer/issuer.ts';
import type { ScopedFault } from '../../local/processes.ts';
import type { SentMail } from '../../local/ses/outbox.ts';

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
    injectFault: async (source: object, fault: object) => {
      told.push(`${JSON.stringify(source)} ${JSON.stringify(fault)} in ${name}`);
    },
    skewClock: async (aheadMs: number) => {
      told.push(`skew ${aheadMs} ${name}`);
    },
    rereadStream: say(`reread ${name}`),
    flipArchivedBit: async (key: string) => {
      told.push(`flip ${key} ${name}`);
    },
    renewal: async (does: string) => {
      told.push(`renewal ${does} ${name}`);
    },
    deploy: async (group: string, bundle: string) => {
      told.push(`deploy ${bundle} as ${group} in ${name}`);
    },
    deployments: async () => [],
    schedules: ['baseload-us-start-bill-run'],
    runSchedule: async (schedule: string) => {
      told.push(`run ${schedule} in ${name}`);
    },
  });
  const app = controlApp({
    port: () => 4601,
    regions: new Map([
      ['us-east-1', region('us-east-1')],
      ['us-west-2', region('us-west-2')],
    ]),
    issuer: {
      leave: say('issuer leaves'),
      comeBack: say('issuer comes back'),
      token: async (request) => {
        tokens.push(request);
        return 'a.b.c';
      },
    },
    state: async () => ({ facts: { total: 1 } }) as ControlState,
    dnsAnswer: (from) => (from === 'us-east-1' ? { region: 'us-west-2', target: 't', ttlSeconds: 5 } : undefined),
    wiring: {
      jurisdiction: 'us',
      dataDir: '/data',
      dynamodb: { 'us-east-1': 'http://127.0.0.1:4602' },
      sqs: { 'us-east-1': 'http://127.0.0.1:4606' },
      s3: { 'us-east-1': 'http://127.0.0.1:4613' },
      archives: { 'us-east-1': 'archive' },
      ledgerTable: 'ledger',
      assembly: '/assembly',
      processor: 'http://127.0.0.1:4505',
      healthChecks: [],
      records: [],
    },
    processor: { leave: say('processor leaves'), comeBack: say('processor comes back') },
    pages: () => [],
    outbox: () => [{ region: 'us-east-1', subject: 'Your bill is ready' } as SentMail & { readonly region: string }],
    injectFault: async (fault) => {
      faults.push(fault);
    },
    queues: ['settlements', 'notices'],
    clock: { offsetMs: 60_000 },
    moveClock: async (offsetMs) => {
      told.push(`clock ${offsetMs}`);
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

  test('a bit of an archived object is flipped in the Region that is named', async () => {
    const { ask, told } = begin();
    const key = 'facts/07/0000000001.ndjson.gz';
    expect(await ask('POST', '/api/archive/us-west-2/flip-bit', { body: { key } })).toEqual({
      status: 200,
      body: { region: 'us-west-2', key },
    });
    expect(told).toEqual([`flip ${key} us-west-2`]);
    expect((await ask('POST', '/api/archive/us-west-2/flip-bit', { body: {} })).status).toBe(400);
    expect((await ask('POST', '/api/archive/eu-west-1/flip-bit', { body: { key } })).status).toBe(404);
  });

  test('the outbox shows what each Region has mailed', async () => {
    expect(await begin().ask('GET', '/api/outbox')).toEqual({
      status: 200,
      body: { mails: [{ region: 'us-east-1', subject: 'Your bill is ready' }] },
    });
  });

  test('what DNS answers to somebody in a Region', async () => {
    const { ask } = begin();
    expect(await ask('GET', '/api/dns?from=us-east-1')).toEqual({
      status: 200,
      body: { from: 'us-east-1', answer: 'us-west-2' },
    });
    expect((await ask('GET', '/api/dns?from=us-west-2')).body).toEqual({ from: 'us-west-2', answer: null });
    expect((await ask('GET', '/api/dns')).status).toBe(404);
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

  test('a schedule runs now in the Region named, or in one after the other; an unknown one is a 404', async () => {
    const { ask, told } = begin();
    const path = '/api/schedules/baseload-us-start-bill-run/run';
    expect(await ask('POST', `${path}?region=us-west-2`)).toEqual({
      status: 200,
      body: { schedule: 'baseload-us-start-bill-run', regions: ['us-west-2'] },
    });
    expect((await ask('POST', path)).body).toEqual({
      schedule: 'baseload-us-start-bill-run',
      regions: ['us-east-1', 'us-west-2'],
    });
    const ran = [
      'run baseload-us-start-bill-run in us-west-2',
      'run baseload-us-start-bill-run in us-east-1',
      'run baseload-us-start-bill-run in us-west-2',
    ];
    expect(told).toEqual(ran);
    expect(await ask('POST', '/api/schedules/tea/run')).toEqual({
      status: 404,
      body: { message: 'unknown schedule tea: there are baseload-us-start-bill-run' },
    });
    expect(await ask('POST', `${path}?region=eu-west-1`)).toEqual({
      status: 404,
      body: { message: 'unknown Region eu-west-1: there are us-east-1, us-west-2' },
    });
    expect(told).toEqual(ran);
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

describe('deliveries that go wrong', () => {
  const fault = { kind: 'delay', count: 3, delaySeconds: 60 };

  test('on a queue and on a stream, and the stream read once more', async () => {
    const { ask, told } = begin();
    expect(await ask('POST', '/api/queues/us-east-1/settlements/faults', { body: fault })).toEqual({
      status: 200,
      body: fault,
    });
    const lost = { kind: 'lose-to-dlq', count: 1, sortKeyPrefix: 'p#' };
    expect((await ask('POST', '/api/streams/us-west-2/faults', { body: lost })).status).toBe(200);
    expect(await ask('POST', '/api/streams/us-west-2/reread')).toEqual({ status: 200, body: { region: 'us-west-2' } });
    expect(told).toEqual([
      '{"kind":"queue","slug":"settlements"} {"kind":"delay","count":3,"delaySeconds":60} in us-east-1',
      '{"kind":"stream"} {"kind":"lose-to-dlq","count":1,"sortKeyPrefix":"p#"} in us-west-2',
      'reread us-west-2',
    ]);
  });

  test('the clock of its functions is put ahead', async () => {
    const { ask, told } = begin();
    const body = { aheadMs: 5_000 };
    expect(await ask('POST', '/api/regions/us-east-1/skew', { body })).toEqual({
      status: 200,
      body: { region: 'us-east-1', aheadMs: 5_000 },
    });
    expect(told).toEqual(['skew 5000 us-east-1']);
  });

  test('the renewal of its certificates stops and goes on', async () => {
    const { ask, told } = begin();
    const path = '/api/regions/us-east-1/certificates/renewal';
    expect(await ask('POST', `${path}/stop`)).toEqual({ status: 200, body: { region: 'us-east-1', renewal: 'stop' } });
    expect((await ask('POST', `${path}/start`)).status).toBe(200);
    expect(told).toEqual(['renewal stop us-east-1', 'renewal start us-east-1']);
  });

  test.each([
    ['/api/queues/us-east-1/letters/faults', fault, 404, /^unknown queue letters: there are settlements, notices$/],
    ['/api/queues/eu-west-1/settlements/faults', fault, 404, /^unknown Region eu-west-1/],
    ['/api/streams/eu-west-1/reread', undefined, 404, /^unknown Region eu-west-1/],
    ['/api/regions/eu-west-1/certificates/renewal/stop', undefined, 404, /^unknown Region eu-west-1/],
    ['/api/regions/eu-west-1/skew', { aheadMs: 1 }, 404, /^unknown Region eu-west-1/],
    ['/api/regions/us-east-1/skew', { aheadMs: -1 }, 400, /expected number to be >=1/],
    ['/api/streams/us-east-1/faults', { ...fault, kind: 'fire' }, 400, /at kind/],
    ['/api/streams/us-east-1/faults', { ...fault, count: -1 }, 400, /at count/],
    [
      '/api/streams/us-east-1/faults',
      { kind: 'delay', count: 1 },
      400,
      /^delaySeconds: a delay needs to know how long$/,
    ],
    ['/api/queues/us-east-1/settlements/faults', { ...fault, sortKeyPrefix: 'p#' }, 400, /sortKeyPrefix/],
  ])('%s with %j is refused', async (path, body, status, message) => {
    const { ask, told } = begin();
    const answer = await ask('POST', path, { body });
    expect(answer).toEqual({ status, body: { message: expect.stringMatching(message) } });
    expect(told).toEqual([]);
  });
});

test.each(['processor', 'issuer'])('the %s is stopped and started', async (service) => {
  const { ask, told } = begin();
  expect(await ask('POST', `/api/${service}/stop`)).toEqual({ status: 200, body: { [service]: 'stopped' } });
  expect(await ask('POST', `/api/${service}/start`)).toEqual({ status: 200, body: { [service]: 'started' } });
  expect(told).toEqual([`${service} leaves`, `${service} comes back`]);
});

describe('the clock', () => {
  test('goes forward', async () => {
    const { ask, told } = begin();
    expect(await ask('POST', '/api/clock', { body: { offsetMs: 90_000_000 } })).toEqual({
      status: 200,
      body: { offsetMs: 90_000_000 },
    });
    expect(told).toEqual(['clock 90000000']);
  });

  test.each([{ offsetMs: 59_999 }, { offsetMs: 60_000.5 }, { offsetMs: 1e15 }, {}, undefined])(
    '%j is refused',
    async (body) => {
      const { ask, told } = begin();
      const answer = await ask('POST', '/api/clock', { body });
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        message: expect.stringMatching(
          /^offsetMs is a whole number from 60000, where the clock is, to 316224000000, got /,
        ),
      });
      expect(told).toEqual([]);
    },
  );
});

describe('the state', () => {
  const CLOCK = { nowMs: 1_060_000, offsetMs: 60_000 };

  test('an isolated Region falls behind with the time, though its reader has nothing left to read', () => {
    const cutOff = {
      region: 'us-east-1',
      process: 'up',
      network: 'isolated',
      routing: { health: 'healthy', votes: { healthy: 16, counted: 16, total: 16 }, evacuated: false },
      admin: { viewLagMs: 0, queues: [], alarms: [], pages: 0 },
      lastLag: { viewLagMs: 15, ageMs: 6_000 },
    } as const;
    const { regions } = stateOf([cutOff], undefined, [], { total: 0, byType: {} }, CLOCK);
    expect(regions['us-east-1']).toMatchObject({ process: 'up', network: 'isolated', viewLagMs: 6_015 });
  });

  const routing = { health: 'healthy', votes: { healthy: 16, counted: 16, total: 16 }, evacuated: false } as const;
  const queue = { slug: 'project-facts', visible: 0, inFlight: 0, delayed: 0, oldestAgeMs: 0, dlq: 0 };

  test('has exactly the shape that callers rely on', () => {
    const state = stateOf(
      [
        {
          region: 'us-east-1',
          process: 'up',
          network: 'connected',
          routing,
          admin: { viewLagMs: 12, queues: [queue], alarms: [], pages: 0 },
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
      [{ slug: 'health-unhealthy', tier: 'P0', region: 'us-east-1', state: 'ALARM', sinceMs: 1_000 }],
      { total: 36, byType: { BillIssued: 35, AccountOpened: 1 } },
      CLOCK,
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
      alarms: [{ slug: 'health-unhealthy', tier: 'P0', region: 'us-east-1', state: 'ALARM', sinceMs: 1_000 }],
      queues: [{ region: 'us-east-1', ...queue }],
      facts: { total: 36, byType: { BillIssued: 35, AccountOpened: 1 } },
      clock: { nowMs: 1_060_000, offsetMs: 60_000 },
    });
  });
});
