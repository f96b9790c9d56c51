// Owns the proof that a notice is told at least once under one id, signed, and never to an address inside.
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { isPublicAddress } from '../../../lambdas/adapters/public-address.ts';
import { WebhookNotifier } from '../../../lambdas/adapters/webhook-notifier.ts';
import { encodePosition, keyOf } from '../../../lambdas/domain/keys.ts';
import type { Notice } from '../../../lambdas/domain/notice.ts';
import { type Delivery, NotDelivered } from '../../../lambdas/ports/notifier.ts';
import { createSendNoticeHandler } from '../../../lambdas/send-notice/create-send-notice-handler.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { encodeNotice } from '../../../lambdas/shared/messages.ts';
import { billed, NOON_MS, opened } from '../../contract/facts.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { sqsEvent, sqsEventAt } from '../harness/sqs-event.ts';

const BILL = billed('us_a', '2026-10', 4_250n);
const ID = encodePosition(BILL.accountId, keyOf(BILL));
const NOTICE = {
  id: ID,
  accountId: 'us_a',
  occurredAt: '2026-10-15T12:00:00.000Z',
  currency: 'USD',
  type: 'bill-issued',
  billId: 'bill_2026-10_r1',
  amountMinor: 4_250,
} as Notice;

describe('the worker', () => {
  type Told = readonly [channel: string, notice: Notice];
  const setUp = async (outcomes: Partial<Record<'webhook' | 'email', Delivery | 'away'>>) => {
    const ledger = new MemoryEventLog();
    await ledger.append(BILL);
    await ledger.append(opened('us_a'));
    const queue = new MemoryQueue();
    const told: Told[] = [];
    const telemetry = new RecordingTelemetry();
    const clock = new ManualClock(NOON_MS);
    const channel = (name: 'webhook' | 'email', outcome: Delivery | 'away') => ({
      breaker: createBreaker(name === 'email' ? 'mail' : 'notices', { clock, telemetry }),
      open: async () => ({
        deliver: async (notice: Notice) => {
          told.push([name, notice]);
          if (outcome === 'away') throw new NotDelivered('nobody home');
          return outcome;
        },
      }),
    });
    const { webhook, email } = outcomes;
    const handle = createSendNoticeHandler({
      ledger,
      ledgerBreaker: createBreaker('ledger', { clock, telemetry }),
      channels: {
        ...(webhook === undefined ? {} : { webhook: channel('webhook', webhook) }),
        ...(email === undefined ? {} : { email: channel('email', email) }),
      },
      queue,
      clock,
      random: () => 0.5,
      telemetry,
    });
    return { handle, queue, told, telemetry };
  };
  const bodies = (queue: MemoryQueue) => queue.sent.map(({ body }) => JSON.parse(body));

  test('makes a message for each open channel, and tells nobody yet', async () => {
    const { handle, queue, told } = await setUp({ webhook: 'delivered', email: 'delivered' });
    expect(await handle(sqsEvent(encodeNotice(ID)))).toEqual({ batchItemFailures: [] });
    expect(queue.sent).toEqual([{ body: encodeNotice(ID, 'webhook') }, { body: encodeNotice(ID, 'email') }]);
    expect(told).toEqual([]);
  });

  test('tells the fact under its position, the same however often, on the channel that is named', async () => {
    const { handle, queue, told, telemetry } = await setUp({ webhook: 'delivered', email: 'delivered' });
    await handle(sqsEvent(encodeNotice(ID, 'email'), encodeNotice(ID, 'email'), encodeNotice(ID, 'webhook')));
    expect([...told].sort()).toEqual([
      ['email', NOTICE],
      ['email', NOTICE],
      ['webhook', NOTICE],
    ]);
    expect(queue.sent).toEqual([]);
    expect(telemetry.counts.get('NoticesDelivered')).toBe(3);
  });

  test('a channel that is away waits for itself, also while its breaker is open; the other is told, and told once', async () => {
    const { handle, queue, told, telemetry } = await setUp({ webhook: 'delivered', email: 'away' });
    for (let round = 0; round < 5; round += 1) {
      expect(await handle(sqsEventAt(NOON_MS, encodeNotice(ID, 'email')))).toEqual({ batchItemFailures: [] });
    }
    expect(told.map(([name]) => name)).toEqual(['email', 'email', 'email']);
    expect(await handle(sqsEvent(encodeNotice(ID, 'webhook')))).toEqual({ batchItemFailures: [] });
    expect(told.map(([name]) => name)).toEqual(['email', 'email', 'email', 'webhook']);
    expect(bodies(queue)).toHaveLength(5);
    for (const body of bodies(queue)) expect(body).toMatchObject({ position: ID, channel: 'email' });
    expect(telemetry.counts.get('WorkPostponed')).toBe(5);
  });

  test('gives it up after three days', async () => {
    const { handle, queue } = await setUp({ webhook: 'away' });
    const threeDaysMs = 3 * 86_400_000;
    const sent = (sentMs: number) => handle(sqsEventAt(sentMs, encodeNotice(ID, 'webhook')));
    expect((await sent(NOON_MS - threeDaysMs)).batchItemFailures).toEqual([]);
    expect(queue.sent).toHaveLength(1);
    expect((await sent(NOON_MS - threeDaysMs - 1)).batchItemFailures).toHaveLength(1);
    expect(queue.sent).toHaveLength(1);
  });

  test('what is refused for good is dropped and counted, and so is what nobody wants', async () => {
    const { handle, queue, telemetry } = await setUp({ webhook: 'unwanted', email: 'undeliverable' });
    expect(await handle(sqsEvent(encodeNotice(ID, 'email'), encodeNotice(ID, 'webhook')))).toEqual({
      batchItemFailures: [],
    });
    expect(queue.sent).toEqual([]);
    expect(telemetry.counts.get('NoticesUndeliverable')).toBe(1);
    expect(telemetry.counts.get('NoticesDelivered')).toBeUndefined();
  });

  test('a channel that was closed since has nobody to tell; without any, a notice is done at once', async () => {
    const { handle, queue, told } = await setUp({});
    expect(await handle(sqsEvent(encodeNotice(ID), encodeNotice(ID, 'email')))).toEqual({ batchItemFailures: [] });
    expect([queue.sent, told]).toEqual([[], []]);
  });

  test('drops a fact nobody is told of, and hands back what is no notice or no fact', async () => {
    const { handle, told } = await setUp({ webhook: 'delivered' });
    const at = (key: string) => encodePosition(BILL.accountId, key as ReturnType<typeof keyOf>);
    const opening = encodeNotice(at('a#000'), 'webhook');
    const missing = encodeNotice(at('b#2026-11#000'), 'webhook');
    const unknown = JSON.stringify({ position: ID, channel: 'pigeon' });
    const { batchItemFailures } = await handle(sqsEvent(opening, '{}', missing, unknown));
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'message-1',
      'message-2',
      'message-3',
    ]);
    expect(told).toEqual([]);
  });
});

describe('a webhook', () => {
  let server: Server;
  let status: number;
  const seen: { headers: Record<string, unknown>; body: string; path: string | undefined }[] = [];
  beforeEach(async () => {
    status = 204;
    seen.length = 0;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        seen.push({ headers: request.headers, body, path: request.url });
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  const open = (isAllowed: (address: string) => boolean, addresses = ['127.0.0.1'], host = 'hooks.example.com') =>
    new WebhookNotifier({
      url: `https://${host}:${(server.address() as AddressInfo).port}/in?a=1`,
      secret: 'whsec_1',
      timeoutMs: 1_000,
      clock: new ManualClock(1_792_065_600_999),
      // Plain HTTP in place of TLS: the address that was checked is the one that is called.
      network: { resolve: async () => addresses, isAllowed, request: httpRequest as typeof httpsRequest },
    });

  test('is signed over time and body, and carries its id', async () => {
    await open(() => true).deliver(NOTICE);
    const [{ headers, body, path }] = seen as [(typeof seen)[number]];
    expect(path).toBe('/in?a=1');
    expect(JSON.parse(body)).toEqual(NOTICE);
    expect(headers).toMatchObject({
      host: expect.stringMatching(/^hooks\.example\.com:\d+$/),
      'baseload-notice-id': ID,
      'baseload-timestamp': '1792065600',
      'baseload-signature': expect.stringMatching(/^v1=[0-9a-f]{64}$/),
    });
  });

  test.each([301, 302, 307, 400, 500])('answered %i was not delivered, and nothing is followed', async (answered) => {
    status = answered;
    await expect(open(() => true).deliver(NOTICE)).rejects.toMatchObject({
      name: 'NotDelivered',
      message: `the webhook answered ${answered}`,
    });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['hooks.example.com', ['127.0.0.1']],
    ['hooks.example.com', ['93.184.216.34', '10.0.0.1']],
    ['127.0.0.1', []],
    ['[::1]', []],
    ['2130706433', []],
  ])('to %s at %j is refused before anything is sent', async (host, addresses) => {
    await expect(open(isPublicAddress, addresses, host).deliver(NOTICE)).rejects.toThrow(
      /leads to an address that is not public$/,
    );
    expect(seen).toEqual([]);
  });

  test('needs https', () => {
    const options = { secret: 's', timeoutMs: 1, clock: new ManualClock(0) };
    expect(() => new WebhookNotifier({ ...options, url: 'http://hooks.example.com/' })).toThrow(
      'a webhook needs an https address without a user, got http://hooks.example.com',
    );
  });
});

test.each([
  ['93.184.216.34', true],
  ['2606:2800:220:1::1', true],
  ['10.1.2.3', false],
  ['100.100.0.1', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['::ffff:10.0.0.1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['64:ff9b::7f00:1', false],
  ['localhost', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});
