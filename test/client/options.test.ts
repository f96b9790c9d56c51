// Shows what is refused before anything is sent, and how the token is asked for.
import { describe, expect, test } from '@jest/globals';
import { BillingClient, Unavailable } from '../../client/src/index.ts';
import { ACCOUNT, eachTestItsPair, failureOf, PAYMENT, tellsAccount } from './two-regions.ts';

const pair = eachTestItsPair();
const REGIONS = ['https://us-east-1.billing.example.com', 'https://us-west-2.billing.example.com'];

describe('a client is not made', () => {
  test.each([
    [[], 'regions must name each Region once, and at least one'],
    [[REGIONS[0], `${REGIONS[0]}/`], 'regions must name each Region once, and at least one'],
    [['billing.example.com'], 'got billing.example.com'],
    [['http://billing.example.com'], 'got http://billing.example.com'],
    [['https://billing.example.com/v1'], 'got https://billing.example.com/v1'],
    [['https://user@billing.example.com'], 'got https://user@billing.example.com'],
  ])('of the Regions %j', (regions, message) => {
    expect(() => new BillingClient({ regions: regions as string[], token: 't' })).toThrow(message);
  });

  test.each(['deadlineMs', 'attemptMs', 'hedgeAfterMs'])('with %s that is no time', (option) => {
    for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new BillingClient({ regions: REGIONS, token: 't', [option]: value })).toThrow(
        `${option} must be a positive number of milliseconds, got ${value}`,
      );
    }
  });
});

describe('nothing is sent', () => {
  test.each([0, -1, 0.5, 2 ** 53, Number.NaN])('of the amount %d', async (amountMinor) => {
    expect(await failureOf(pair.client.pay(ACCOUNT, { ...PAYMENT, amountMinor }))).toEqual(
      new TypeError(`amountMinor must be a positive whole number of minor units, got ${amountMinor}`),
    );
    expect(pair.east.received).toEqual([]);
  });

  test.each(['', 'with space', 'ü', 'x'.repeat(256), 'line\n'])('with the key %j', async (idempotencyKey) => {
    expect(await failureOf(pair.client.pay(ACCOUNT, PAYMENT, { idempotencyKey }))).toEqual(
      new TypeError('idempotencyKey must be 1 to 255 visible ASCII characters'),
    );
    expect(pair.east.received).toEqual([]);
  });

  test.each(['', '..', 'us_1/../us_2', 'us_1?x', 'us_1%2e'])('to the account %j', async (accountId) => {
    const message = 'accountId must be 1 to 128 of A-Z a-z 0-9 _ -';
    expect(await failureOf(pair.client.account(accountId))).toEqual(new TypeError(message));
    expect(await failureOf(pair.client.pay(accountId, PAYMENT))).toEqual(new TypeError(message));
    expect(pair.east.received).toEqual([]);
  });

  test('for a bill or a payment whose id is none', async () => {
    expect(await failureOf(pair.client.bill(ACCOUNT, '../preview'))).toBeInstanceOf(TypeError);
    expect(await failureOf(pair.client.payment(ACCOUNT, ''))).toBeInstanceOf(TypeError);
    expect(pair.east.received).toEqual([]);
  });
});

describe('the token', () => {
  test('is asked for once a call', async () => {
    let asked = 0;
    const client = pair.clientWith({ token: () => `token-${++asked}` });
    pair.east.does(tellsAccount);
    await client.account(ACCOUNT);
    await client.account(ACCOUNT);
    expect(pair.east.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  test('that cannot be had: its own error, and nothing is sent', async () => {
    const client = pair.clientWith({ token: () => Promise.reject(new Error('signed out')) });
    expect(await failureOf(client.pay(ACCOUNT, PAYMENT))).toEqual(new Error('signed out'));
    expect(pair.east.received).toEqual([]);
  });

  test('that does not come: the deadline holds, and nothing is sent', async () => {
    const client = pair.clientWith({ token: () => new Promise<string>(() => {}) });
    const failure = failureOf(client.pay(ACCOUNT, PAYMENT, { idempotencyKey: 'k' }));
    await pair.clock.hasTimerIn(10_000);
    pair.clock.advance(10_000);
    expect(await failure).toBeInstanceOf(Unavailable);
    expect(await failure).toMatchObject({
      idempotencyKey: 'k',
      cause: new Error('the token did not come in time'),
      message: 'no Region answered in time, and this call changed nothing: try again later (nothing was sent)',
    });
    expect(pair.east.received).toEqual([]);
  });
});
