// Owns the proof that a run is asked in one way, and that its own words reach the operator.
// Leaves to the tests of commands what they ask.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askRun } from '../../cli/control-api.ts';
import { Refused } from '../../cli/failures.ts';

let server: Server;
let control = '';
beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/refused') response.writeHead(404).end('{"message":"unknown Region x: there are a, b"}');
    else if (request.url === '/wordless') response.writeHead(500).end('{}');
    else if (request.url === '/page') response.end('<html>');
    else response.end(JSON.stringify({ method: request.method, body: await text(request) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  control = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a look is a GET, an order a POST with its body', async () => {
  expect(await askRun(control, '/state')).toEqual({ method: 'GET', body: '' });
  expect(await askRun(control, '/deploy', { order: { group: 'payments' } })).toEqual({
    method: 'POST',
    body: '{"group":"payments"}',
  });
});

test.each([
  ['/refused', /^unknown Region x: there are a, b$/],
  ['/wordless', /^\/wordless answered 500$/],
  ['/page', /^no Baseload answers at http:\S+ \(HTTP 200, .+\): see what npm start says of control$/],
  ['/silent', /^no Baseload answers at http:\S+ \(.*timeout\): see what npm start says of control$/],
])('%s is refused in one line', async (path, message) => {
  const refused = await askRun(control, path, { patienceMs: 500 }).catch((cause: unknown) => cause);
  expect(refused).toBeInstanceOf(Refused);
  expect((refused as Refused).message).toMatch(message);
});
