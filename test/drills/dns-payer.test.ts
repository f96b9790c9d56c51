import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { dnsPayer } from '../../drills/load/dns-payer.ts';
import type { Payer } from '../../drills/load/payer.ts';
import { startDnsServer } from '../../local/route53/dns-server.ts';

const HOSTNAME = 'billing.example.com';
const PAYMENT = { accountId: 'us_a', idempotencyKey: 'k-1', amountMinor: 1_000 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const region = async (status: number, body: object): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { server, port: (server.address() as AddressInfo).port };
};

/** DNS leads east first; `lead` changes that. Its answers live for no time at all. */
const world = async () => {
  const east = await region(503, { type: 'outcome-unknown' });
  const west = await region(201, { paymentId: 'pay_a', position: 'p' });
  let target = 'east.example.com';
  const dns = await startDnsServer(0, (query) => ({
    type: 'response',
    ...(query.id === undefined ? {} : { id: query.id }),
    questions: query.questions ?? [],
    answers: [
      { type: 'CNAME', name: HOSTNAME, ttl: 0, data: target },
      { type: 'A', name: target, ttl: 0, data: '127.0.0.1' },
    ],
  }));
  closing.push(() => dns.close());
  const ports: Readonly<Record<string, number>> = { 'east.example.com': east.port, 'west.example.com': west.port };
  const lead = (to: string): void => {
    target = to;
  };
  const payer = (keepsConnections: boolean): Payer => {
    const made = dnsPayer({
      hostname: HOSTNAME,
      dnsPort: dns.port,
      portOf: (name) => ports[name],
      token: 't',
      keepsConnections,
    });
    closing.push(() => made.close());
    return made;
  };
  return { east, lead, payer };
};

test('who opens a connection for each request follows DNS at once', async () => {
  const { lead, payer } = await world();
  const following = payer(false);
  expect(await following.send(PAYMENT)).toEqual({ kind: 'refused', what: '503 outcome-unknown' });
  lead('west.example.com');
  expect(await following.send(PAYMENT)).toEqual({
    kind: 'acknowledged',
    receipt: { paymentId: 'pay_a', position: 'p' },
  });
});

test('who keeps a connection stays with a Region that answers, whatever DNS says, until the connection breaks', async () => {
  const { east, lead, payer } = await world();
  const keeping = payer(true);
  await keeping.send(PAYMENT);
  lead('west.example.com');
  expect(await keeping.send(PAYMENT)).toEqual({ kind: 'refused', what: '503 outcome-unknown' });
  east.server.closeAllConnections();
  east.server.close();
  // The break may be found by the request that meets it.
  const sendings = [await keeping.send(PAYMENT), await keeping.send(PAYMENT)];
  expect(sendings[1]).toMatchObject({ kind: 'acknowledged' });
});

test('nobody listening, and no DNS, are refusals by their codes', async () => {
  const { east, payer } = await world();
  east.server.closeAllConnections();
  east.server.close();
  expect(await payer(false).send(PAYMENT)).toEqual({ kind: 'refused', what: 'ECONNREFUSED' });
  const lost = dnsPayer({ hostname: HOSTNAME, dnsPort: 1, portOf: () => 1, token: 't', keepsConnections: false });
  expect(await lost.send(PAYMENT)).toMatchObject({ kind: 'refused' });
});
