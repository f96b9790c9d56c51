// Owns the proof that the edge treats requests and answers as API Gateway's HTTP APIs do.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { AUTHORIZER, type Edge, returning, route, startEdge } from './edge.ts';

const edges: Edge[] = [];
afterEach(async () => {
  await Promise.all(edges.splice(0).map((edge) => edge.close()));
});
const start: typeof startEdge = async (...args) => {
  const edge = await startEdge(...args);
  edges.push(edge);
  return edge;
};

describe('routes', () => {
  test.each([
    ['GET', '/v1/accounts/us_a', 200],
    ['GET', '/v1/accounts/us_a/bills', 200],
    ['POST', '/v1/accounts/us_a', 404],
    ['GET', '/v1/accounts/', 404],
    ['GET', '/v1/accounts/us_a/', 404],
    ['GET', '/nowhere', 404],
    ['GET', '/v1/accounts/%', 400],
  ])('%s %s is %i', async (method, path, status) => {
    const edge = await start({ routes: [route('GET /v1/accounts/{a}'), route('GET /v1/accounts/{a}/bills')] });
    const response = await fetch(edge.url + path, { method });
    expect(response.status).toBe(status);
    if (status === 404) expect(await response.text()).toBe('{"message":"Not Found"}');
  });

  test('a literal goes before a parameter', async () => {
    const edge = await start({ routes: [route('GET /v1/{any}'), route('GET /v1/fixed')] });
    await fetch(`${edge.url}/v1/fixed`);
    expect(edge.event().routeKey).toBe('GET /v1/fixed');
  });

  test.each(['$default', 'ANY /v1', 'GET /{proxy+}'])('the key %s is refused at the start', async (key) => {
    await expect(start({ routes: [route(key)] })).rejects.toThrow(
      `route ${key}: only METHOD /path/{parameter} is known here`,
    );
  });
});

describe('the event', () => {
  test('is payload 2.0: decoded path and parameters, headers in lower case and joined, cookies apart', async () => {
    const edge = await start({ routes: [route('GET /v1/{id}')] });
    await new Promise((resolve) => {
      httpRequest(
        `${edge.url}/v1/a%20b%2Fc?x=1&x=2%2C3&y=a+b`,
        { headers: { 'X-Thing': ['one', 'two'], Cookie: 'a=1; b=2' } },
        (r) => r.resume().on('end', resolve),
      ).end();
    });
    const event = edge.event();
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/{id}',
      rawPath: '/v1/a b/c',
      rawQueryString: 'x=1&x=2%2C3&y=a+b',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { x: '1,2,3', y: 'a b' },
      pathParameters: { id: 'a b/c' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '111111111111',
        apiId: 'api123',
        http: { method: 'GET', path: '/v1/a b/c', protocol: 'HTTP/1.1' },
        routeKey: 'GET /v1/{id}',
        stage: '$default',
      },
    });
    expect(event.headers['x-thing']).toBe('one,two');
    expect(event.headers.cookie).toBeUndefined();
    expect(event.body).toBeUndefined();
    expect(event.requestContext.requestId).toMatch(/^[A-Za-z0-9+/]{15}=$/);
    expect(event.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(event.requestContext.authorizer).toBeUndefined();
  });

  test.each([
    ['application/json; charset=utf-8', false],
    ['application/merge-patch+json', false],
    ['text/csv', false],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
  ])('a body of %s is base64: %s', async (type, base64) => {
    const edge = await start({ routes: [route('POST /v1')] });
    await fetch(`${edge.url}/v1`, { method: 'POST', body: '{"é":1}', headers: { 'content-type': type } });
    expect(edge.event().isBase64Encoded).toBe(base64);
    expect(edge.event().body).toBe(base64 ? 'eyLDqSI6MX0=' : '{"é":1}');
  });
});

describe('the answer', () => {
  const answerOf = async (value: unknown) => {
    const edge = await start({ routes: [route('GET /v1')] }, () => returning(value));
    const response = await fetch(`${edge.url}/v1`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  test('takes status, headers, cookies and body', async () => {
    const answer = await answerOf({
      statusCode: 201,
      headers: { ETag: '"x"', 'X-Count': 2 },
      cookies: ['a=1', 'b=2'],
      body: 'made',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"x"');
    expect(answer.headers.get('x-count')).toBe('2');
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('apigw-requestid')).toMatch(/=$/);
    expect(answer.text).toBe('made');
  });

  test('decodes a base64 body', async () => {
    expect((await answerOf({ statusCode: 200, body: 'w6k=', isBase64Encoded: true })).text).toBe('é');
  });

  test('has no body with 304', async () => {
    const answer = await answerOf({ statusCode: 304, headers: { etag: '"x"' }, body: '' });
    expect([answer.status, answer.headers.get('etag'), answer.text]).toEqual([304, '"x"', '']);
  });

  test('is 200 JSON when the function names no status', async () => {
    const answer = await answerOf({ fine: true });
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      200,
      'application/json',
      '{"fine":true}',
    ]);
  });

  test.each([
    [{ statusCode: 'soon' }],
    [{ statusCode: 200, body: { not: 'text' } }],
    [{ statusCode: 99 }],
    [{ statusCode: 200, headers: { a: ['x'] } }],
  ])('is 500 for the malformed %j', async (value) => {
    const answer = await answerOf(value);
    expect([answer.status, answer.text]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  test('is 500 for a function error, 503 for a throttled function and for one that is too slow', async () => {
    const edge = await start(
      { routes: ['fail', 'throttle', 'slow'].map((how) => route(`GET /${how}`, { timeoutMs: 50 })) },
      async (event) => {
        if (event.rawPath === '/fail')
          return { kind: 'failed', requestId: 'r', error: { errorType: 'Error', errorMessage: 'x' } };
        if (event.rawPath === '/throttle') return { kind: 'throttled' };
        return new Promise(() => undefined);
      },
    );
    const answers = await Promise.all(
      ['fail', 'throttle', 'slow'].map(async (how) => (await fetch(`${edge.url}/${how}`)).text()),
    );
    expect(answers).toEqual([
      '{"message":"Internal Server Error"}',
      '{"message":"Service Unavailable"}',
      '{"message":"Service Unavailable"}',
    ]);
  });
});

test('a route that the function’s policy refuses is 500, and the function does not run', async () => {
  const edge = await start({
    routes: [route('GET /v1', { refusedByFunction: true })],
    accessLogFormat: '$context.error.responseType',
  });
  expect((await fetch(`${edge.url}/v1`)).status).toBe(500);
  expect([edge.event(), edge.access]).toEqual([undefined, ['INTEGRATION_FAILURE']]);
});

describe('limits', () => {
  test('a route over its burst is 429, another route is not', async () => {
    const edge = await start({
      routes: [route('GET /few', { throttle: { ratePerSecond: 1, burst: 2 } }), route('GET /many')],
    });
    const statuses = [];
    for (const path of ['/few', '/few', '/few', '/many']) statuses.push((await fetch(edge.url + path)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    expect(await (await fetch(`${edge.url}/few`)).text()).toBe('{"message":"Too Many Requests"}');
  });

  test('more than 10 MB is 413', async () => {
    const edge = await start({ routes: [route('POST /v1')] });
    const response = await fetch(`${edge.url}/v1`, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect([response.status, await response.text()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  test.each([
    ['/v1', 413],
    ['/v2', 404],
    ['/v3', 401],
  ])('a refusal of %s reaches a client that first sends all it has', async (path, status) => {
    const authorizer = { authorizer: AUTHORIZER };
    const edge = await start({ routes: [route('POST /v1'), route('POST /v3', authorizer)] });
    const megabyte = Buffer.alloc(1024 * 1024);
    const headers = { 'content-length': 12 * megabyte.length };
    const sent = httpRequest(`${edge.url}${path}`, { method: 'POST', headers });
    const answered = once(sent, 'response');
    for (let part = 0; part < 12; part += 1) {
      if (!sent.write(megabyte)) await once(sent, 'drain');
    }
    sent.end();
    const [response] = await answered;
    expect(response.statusCode).toBe(status);
    response.resume();
  });
});

describe('CORS', () => {
  const cors = {
    allowOrigins: ['https://portal.test'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization'],
    exposeHeaders: ['ETag'],
    maxAgeSeconds: 600,
  };

  test('a preflight is answered without the function', async () => {
    const edge = await start({ routes: [route('POST /v1')], cors });
    const response = await fetch(`${edge.url}/v1`, {
      method: 'OPTIONS',
      headers: { origin: 'https://portal.test', 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://portal.test');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization');
    expect(response.headers.get('access-control-max-age')).toBe('600');
    expect(edge.event()).toBeUndefined();
  });

  test('another origin gets no permission, in a preflight or an answer', async () => {
    const edge = await start({ routes: [route('GET /v1')], cors });
    for (const method of ['OPTIONS', 'GET']) {
      const response = await fetch(`${edge.url}/v1`, { method, headers: { origin: 'https://evil.test' } });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('an answer exposes what is configured, and the function’s own CORS headers are dropped', async () => {
    const edge = await start({ routes: [route('GET /v1')], cors }, () =>
      returning({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' }),
    );
    const response = await fetch(`${edge.url}/v1`, { headers: { origin: 'https://portal.test' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('https://portal.test');
    expect(response.headers.get('access-control-expose-headers')).toBe('ETag');
  });

  test('without a configuration OPTIONS is a path like any other', async () => {
    const edge = await start({ routes: [route('GET /v1')] });
    expect((await fetch(`${edge.url}/v1`, { method: 'OPTIONS' })).status).toBe(404);
  });
});

test('the access log follows the format, - for what is not there', async () => {
  const accessLogFormat = '{"route":"$context.routeKey","status":$context.status,"error":"$context.authorizer.error"}';
  const edge = await start({ routes: [route('GET /v1/{a}')], accessLogFormat });
  await fetch(`${edge.url}/v1/us_secret`);
  expect(edge.access).toEqual(['{"route":"GET /v1/{a}","status":200,"error":"-"}']);
});

test('an unknown access log variable is refused at the start', async () => {
  await expect(start({ routes: [], accessLogFormat: '$context.wafStatus' })).rejects.toThrow(
    'access log format: $context.wafStatus is not known here: add it to AccessLogValues',
  );
});
