// Owns the proof that the Stripe adapter asks what Stripe's own description of its API takes, and reads its states rightly.
// Runs the shape of the contract against stripe-mock where STRIPE_MOCK_ENDPOINT names one (http://127.0.0.1:12111).
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StripeProcessor } from '../../lambdas/adapters/stripe-processor.ts';
import { order, processorShape } from './processor.contract.ts';

const mock = process.env['STRIPE_MOCK_ENDPOINT'];

const stripeAt = (url: string): StripeProcessor => {
  const { hostname, port } = new URL(url);
  const endpoint = { protocol: 'http' as const, host: hostname, port: Number(port) };
  return new StripeProcessor({ apiKey: 'sk_test_123', timeoutMs: 2_000, endpoint });
};

(mock === undefined ? describe.skip : describe)('Stripe, against stripe-mock', () => {
  processorShape(() => stripeAt(mock ?? ''), { good: 'pm_card_visa', refused: 'pm_card_chargeDeclined' });
});

describe('Stripe', () => {
  let server: Server;
  let answers: { status: number; body: object }[];
  let asked: { method: string; path: string; body: string; key: string | undefined }[];

  beforeEach(async () => {
    answers = [];
    asked = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const key = headers['idempotency-key'] as string | undefined;
        asked.push({ method, path: url, body: decodeURIComponent(Buffer.concat(chunks).toString()), key });
        const { status, body } = answers.shift() ?? { status: 500, body: {} };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterEach(() => new Promise((closed) => server.close(closed)));

  const open = () => stripeAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const intent = (status: string, more: object = {}) => ({
    status: 200,
    body: { id: 'pi_1', object: 'payment_intent', status, amount_received: 0, last_payment_error: null, ...more },
  });
  const failure = (type: string, more: object, status = 402) => ({
    status,
    body: { error: { type, message: 'no', ...more } },
  });

  test.each([
    [intent('requires_confirmation'), { kind: 'unconfirmed' }],
    [intent('processing'), { kind: 'under-way' }],
    [intent('requires_action'), { kind: 'under-way' }],
    [intent('succeeded', { amount_received: 1_250 }), { kind: 'collected', amountMinor: 1_250n }],
    [intent('canceled'), { kind: 'declined', reason: 'cancelled' }],
    [
      intent('requires_payment_method', {
        last_payment_error: { code: 'card_declined', decline_code: 'do_not_honor' },
      }),
      { kind: 'declined', reason: 'method-refused' },
    ],
    [
      intent('requires_payment_method', { last_payment_error: { code: 'expired_card' } }),
      { kind: 'declined', reason: 'method-expired' },
    ],
    // Not on the list: no decline.
    [
      intent('requires_payment_method', {
        last_payment_error: { code: 'card_declined', decline_code: 'try_again_later' },
      }),
      { kind: 'unconfirmed' },
    ],
    [intent('requires_payment_method', { last_payment_error: { code: 'processing_error' } }), { kind: 'unconfirmed' }],
  ])('an intent %# is read as %j', async (answer, state) => {
    answers = [answer];
    expect(await open().lookup('pi_1')).toEqual(state);
  });

  test('makes an intent unconfirmed, never twice under one idempotency key', async () => {
    answers = [intent('requires_confirmation'), intent('requires_confirmation')];
    expect(await open().prepare(order('a', 'pm_card_visa'))).toBe('pi_1');
    expect(await open().prepare(order('a', 'pm_card_visa'))).toBe('pi_1');
    expect(asked).toMatchObject([
      { method: 'POST', path: '/v1/payment_intents' },
      { method: 'POST', path: '/v1/payment_intents' },
    ]);
    expect(asked[0]?.key).not.toBe(asked[1]?.key);
    expect(asked[0]?.body).toContain('amount=1250&currency=usd&payment_method=pm_card_visa');
    expect(asked[0]?.body).not.toContain('confirm');
  });

  test('a refused confirm and a second one are looked up', async () => {
    const error = { code: 'card_declined', decline_code: 'insufficient_funds' };
    answers = [failure('card_error', error), intent('requires_payment_method', { last_payment_error: error })];
    expect(await open().confirm('pi_1', order('a', 'pm_card_visa'))).toEqual({
      kind: 'declined',
      reason: 'insufficient-funds',
    });
    answers = [
      failure('invalid_request_error', { code: 'payment_intent_unexpected_state' }, 400),
      intent('succeeded', { amount_received: 1_250 }),
    ];
    expect(await open().confirm('pi_1', order('a', 'pm_card_visa'))).toEqual({
      kind: 'collected',
      amountMinor: 1_250n,
    });
  });

  test.each([
    [failure('api_error', {}, 500)],
    [failure('idempotency_error', {}, 400)],
    [failure('invalid_request_error', { code: 'rate_limit' }, 429)],
    [failure('invalid_request_error', {}, 401)],
  ])('an error that decides nothing is no decline, and is asked once: %#', async (answer) => {
    answers = [answer];
    await expect(open().confirm('pi_1', order('a', 'pm_card_visa'))).rejects.toMatchObject({
      name: 'ProcessorUnavailable',
      message: 'confirm: no',
    });
    expect(asked).toHaveLength(1);
  });

  test('a refund is looked for by our name before it is sent', async () => {
    const refund = { charge: 'pi_1', reference: 'pay_a_3', amountMinor: order('a', 'x', 250n).amountMinor };
    const list = (data: object[]) => ({ status: 200, body: { object: 'list', data, has_more: false } });
    const sent = { id: 're_1', status: 'succeeded', metadata: { baseload_refund: 'pay_a_3' } };
    answers = [list([]), { status: 200, body: sent }];
    expect(await open().refund(refund)).toEqual({ kind: 'sent' });
    expect(asked.map(({ method, key }) => [method, key])).toEqual([
      ['GET', undefined],
      ['POST', 'pay_a_3'],
    ]);
    answers = [list([{ ...sent, status: 'pending' }])];
    expect(await open().refund(refund)).toEqual({ kind: 'under-way' });
    answers = [list([{ ...sent, status: 'failed', failure_reason: 'expired_or_canceled_card' }])];
    expect(await open().refund(refund)).toEqual({ kind: 'failed', reason: 'expired_or_canceled_card' });
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('its report is its charges and then its refunds, with whose they are', async () => {
    const metadata = { baseload_payment: 'pay_1', baseload_account: 'us_a' };
    const made = { currency: 'usd', created: 100 };
    const charge = { ...made, id: 'ch_1', payment_intent: 'pi_1', amount: 5, amount_captured: 4, captured: true };
    const refund = { ...made, id: 're_1', amount: 3, status: 'succeeded' };
    const list = (data: object[], has_more = false) => ({ status: 200, body: { object: 'list', data, has_more } });
    answers = [
      list([{ ...charge, status: 'succeeded', metadata }], true),
      list([{ ...charge, id: 'ch_2', payment_intent: null, status: 'failed', captured: false, metadata: {} }]),
      list([
        { ...refund, metadata: { baseload_refund: 'pay_1_3' }, payment_intent: { id: 'pi_1', metadata } },
        { ...refund, id: 're_2', metadata: {}, payment_intent: null, created: 99 },
      ]),
    ];
    const first = await open().report(99_500, 160_000);
    const second = await open().report(99_500, 160_000, first.cursor);
    const third = await open().report(99_500, 160_000, second.cursor);
    const whose = { paymentId: 'pay_1', accountId: 'us_a', currency: 'USD', atMs: 100_000 };
    expect(first.entries).toEqual([
      { kind: 'charge', reference: 'pi_1', amountMinor: 4n, status: 'collected', ...whose },
    ]);
    expect(second.entries).toMatchObject([{ reference: 'ch_2', amountMinor: 5n, status: 'declined' }]);
    expect(third).toEqual({
      entries: [{ kind: 'refund', reference: 'pay_1_3', amountMinor: 3n, status: 'sent', ...whose }],
    });
    expect(asked.map(({ path }) => decodeURIComponent(path))).toEqual([
      '/v1/charges?created[gte]=99&created[lt]=160&limit=100',
      '/v1/charges?created[gte]=99&created[lt]=160&limit=100&starting_after=ch_1',
      '/v1/refunds?created[gte]=99&created[lt]=160&limit=100&expand[0]=data.payment_intent',
    ]);
  });
});
