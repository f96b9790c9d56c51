import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { Flood } from '../../../local/control-room/flood.ts';
import { pay } from '../../../local/control-room/pay.ts';
import { PayerAccounts } from '../../../local/control-room/payer-accounts.ts';
import { Payers } from '../../../local/control-room/payers.ts';
import { PaymentBook } from '../../../local/control-room/payment-book.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

interface Seen {
  readonly path: string;
  readonly key: string;
  readonly body: { readonly amountMinor?: number; readonly accountId?: string };
}

/** An API that answers each request with the next of `statuses`, and then 201. */
const api = async (...statuses: number[]) => {
  const seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Seen['body'];
    seen.push({ path: incoming.url ?? '', key: String(incoming.headers['idempotency-key']), body });
    outgoing.writeHead(statuses.shift() ?? 201, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ paymentId: `pay_${body.amountMinor}` }));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { seen, till: { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 't' } };
};

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await pause(5);
};

test('an attempt is acknowledged, refused or failed', async () => {
  const { till } = await api(201, 429, 503, 502, 400);
  const intent = new PaymentBook('run').begin('us_a');
  const kinds: string[] = [];
  for (let n = 0; n < 5; n += 1) kinds.push((await pay(till, intent)).kind);
  expect(kinds).toEqual(['acknowledged', 'refused', 'refused', 'failed', 'failed']);
  expect(await pay({ api: 'http://127.0.0.1:1', token: 't' }, intent)).toEqual({ kind: 'failed' });
});

test('a payer tries again with the same key and amount until there is a receipt; stopped, none begins anew', async () => {
  const { seen, till } = await api(502, 503);
  const book = new PaymentBook('run');
  const payers = new Payers({ book, accounts: ['us_a', 'us_b'], nowMs: Date.now });
  payers.start(till);
  await until(() => book.begun === 2);
  payers.stop();
  expect(payers.report()).toMatchObject({ running: false, underWay: 2, leftMs: 0 });
  await until(() => book.acknowledged === 2);
  expect(seen.length).toBe(4);
  expect(new Set(seen.map(({ path, key, body }) => `${path} ${key} ${body.amountMinor}`))).toEqual(
    new Set(['/v1/accounts/us_a/payments run-us_a-1000 1000', '/v1/accounts/us_b/payments run-us_b-1000 1000']),
  );
  expect(payers.report().underWay).toBe(0);
});

test('payers stop by themselves after half an hour', async () => {
  const { till } = await api();
  let nowMs = 0;
  const payers = new Payers({ book: new PaymentBook('run'), accounts: ['us_a'], nowMs: () => nowMs });
  payers.start(till);
  expect(payers.report().leftMs).toBe(1_800_000);
  nowMs = 1_800_000;
  await until(() => !payers.isRunning);
});

test('a flood takes no refusal for a reason to wait, ends when stopped, and its receipts are in the book', async () => {
  const { till } = await api(201, 429, 503, 502);
  const book = new PaymentBook('run');
  const flood = new Flood(book, 'us_flood');
  expect(flood.report()).toMatchObject({ running: false, sent: 0 });
  let ends = 0;
  flood.start(till, () => {
    ends += 1;
  });
  await until(() => book.begun >= 5);
  flood.stop();
  flood.stop();
  await until(() => {
    const { sent, accepted, refused, failed } = flood.report();
    return accepted + refused + failed === sent;
  });
  expect(flood.report()).toMatchObject({ running: false, accepted: book.begun - 3, refused: 2, failed: 1 });
  expect([ends, book.acknowledged]).toEqual([1, book.begun - 3]);
});

test('accounts are opened once, before the first payment; what was refused is tried anew', async () => {
  const { seen, till } = await api(400, 201, 200);
  const asked: object[] = [];
  const issuer = {
    token: async (request: object) => {
      asked.push(request);
      return 'token';
    },
  };
  const accounts = new PayerAccounts({ api: till.api, issuer, accounts: ['us_a', 'us_b'] });
  await expect(accounts.till()).rejects.toThrow('demo data: POST /v1/accounts answered 400');
  expect(await accounts.till()).toEqual({ api: till.api, token: 'token' });
  await accounts.till();
  expect(seen.map(({ body }) => body.accountId)).toEqual(['us_a', 'us_a', 'us_b']);
  expect(asked.at(-1)).toEqual({
    accounts: ['us_a', 'us_b'],
    scope: 'billing:pay billing:read',
    ttlSeconds: 2_592_000,
  });
});
