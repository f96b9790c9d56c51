// Shows what becomes of a payment when Regions hang, reset, cut, lie or come late: one key, the first answer, and what is known of the rest.
import { describe, expect, test } from '@jest/globals';
import { OutcomeUnknown, Refused, Unavailable } from '../../client/src/index.ts';
import {
  answers,
  type Behaviour,
  cutsShort,
  gatewayAnswers,
  hangs,
  held,
  problem,
  resets,
  stallsInBody,
} from './fake-region.ts';
import { ACCEPTED, ACCOUNT, accepts, eachTestItsPair, failureOf, keysOf, PAYMENT } from './two-regions.ts';

const pair = eachTestItsPair();
const KEY = { idempotencyKey: 'november-bill' };

test('a payment goes to the first Region with token, key and body, and nothing goes to the other', async () => {
  const receipt = await pair.client.pay(ACCOUNT, PAYMENT, KEY);
  expect(receipt).toEqual({ ...ACCEPTED, idempotencyKey: 'november-bill', replayed: false });
  expect(pair.west.received).toEqual([]);
  expect(pair.east.received).toHaveLength(1);
  const [sent] = pair.east.received;
  expect(sent).toMatchObject({ method: 'POST', path: '/v1/accounts/us_1001/payments' });
  expect(sent?.body).toBe('{"amountMinor":4250,"currency":"USD","method":"card_on_file"}');
  expect(sent?.headers).toMatchObject({
    authorization: 'Bearer a-token',
    'content-type': 'application/json',
    'idempotency-key': 'november-bill',
  });
});

test('without a key of the caller each payment gets one of its own, and the receipt has it', async () => {
  const first = await pair.client.pay(ACCOUNT, PAYMENT);
  const second = await pair.client.pay(ACCOUNT, PAYMENT);
  expect(keysOf(pair.east)).toEqual([first.idempotencyKey, second.idempotencyKey]);
  expect(first.idempotencyKey).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(first.idempotencyKey).not.toBe(second.idempotencyKey);
});

test('an answer from before says so', async () => {
  pair.east.does(answers(201, ACCEPTED, { 'idempotent-replayed': 'true' }));
  expect((await pair.client.pay(ACCOUNT, PAYMENT)).replayed).toBe(true);
});

describe('the other Region is asked at once, with the same key and body, after', () => {
  const failures: readonly (readonly [string, Behaviour])[] = [
    ['a reset connection', resets],
    ['503 outcome-unknown', problem(503, 'outcome-unknown', { 'retry-after': '1' })],
    ['503 not-attempted', problem(503, 'not-attempted', { 'retry-after': '1' })],
    ['500 without a problem document', gatewayAnswers(500, 'Internal Server Error')],
    ['a body that is cut', cutsShort(201, JSON.stringify(ACCEPTED).slice(0, 40), 400)],
    ['a page of HTML with status 201', answers(201, '<html>', { 'content-type': 'text/html' })],
    ['JSON with the wrong content type', answers(201, ACCEPTED, { 'content-type': 'text/plain' })],
    ['JSON of another shape', answers(201, { ...ACCEPTED, position: 7 })],
    ['an amount beyond safe integers', answers(201, { ...ACCEPTED, amountMinor: 2 ** 53 })],
    ['an acknowledgment of another amount', answers(201, { ...ACCEPTED, amountMinor: 4_251 })],
    ['an acknowledgment of another account', answers(201, { ...ACCEPTED, accountId: 'us_1002' })],
    ['200 in place of 201', answers(200, ACCEPTED)],
    ['201 without a body', (response) => void response.writeHead(201).end()],
    ['a redirect', (response) => void response.writeHead(307, { location: '/elsewhere' }).end()],
    ['a body over 1 MiB', answers(201, { ...ACCEPTED, padding: 'x'.repeat(1_048_576) })],
  ];

  test.each(failures)('%s', async (_, fails) => {
    pair.east.does(fails);
    const receipt = await pair.client.pay(ACCOUNT, PAYMENT, KEY);
    expect(receipt.paymentId).toBe(ACCEPTED.paymentId);
    expect([...keysOf(pair.east), ...keysOf(pair.west)]).toEqual(['november-bill', 'november-bill']);
    expect(pair.west.received[0]?.body).toBe(pair.east.received[0]?.body);
  });

  test('a port nobody listens on', async () => {
    await pair.east.stop();
    await pair.client.pay(ACCOUNT, PAYMENT, KEY);
    expect(keysOf(pair.west)).toEqual(['november-bill']);
  });
});

describe('a Region that hangs', () => {
  test.each([
    ['before it answers', hangs],
    ['in the middle of its body', stallsInBody(201)],
  ] as const)(
    '%s: the other is asked after attemptMs, and the attempt is given up once that answers',
    async (_, stalls) => {
      pair.east.does(stalls);
      const receipt = pair.client.pay(ACCOUNT, PAYMENT, KEY);
      await pair.east.hasReceived(1);
      pair.clock.advance(999);
      expect(pair.clock.hasTimerNow(1)).toBe(true);
      expect(pair.west.received).toEqual([]);
      pair.clock.advance(1);
      expect((await receipt).paymentId).toBe(ACCEPTED.paymentId);
      expect([...keysOf(pair.east), ...keysOf(pair.west)]).toEqual(['november-bill', 'november-bill']);
      await pair.east.received[0]?.closed;
      expect(pair.clock.pendingTimers).toBe(0);
    },
  );

  test('both, and the first answers after the second was asked: that answer counts', async () => {
    const late = held(accepts);
    pair.east.does(late.behaviour);
    pair.west.does(hangs);
    const receipt = pair.client.pay(ACCOUNT, PAYMENT, KEY);
    await pair.east.hasReceived(1);
    pair.clock.advance(1_000);
    await pair.west.hasReceived(1);
    late.release();
    expect((await receipt).paymentId).toBe(ACCEPTED.paymentId);
    await pair.west.received[0]?.closed;
  });

  test('both, until the deadline: OutcomeUnknown with the key, and paying again with it gives the payment', async () => {
    pair.east.does(hangs);
    pair.west.does(hangs);
    const client = pair.clientWith({ deadlineMs: 1_500 });
    const failure = failureOf(client.pay(ACCOUNT, PAYMENT, KEY));
    await pair.east.hasReceived(1);
    pair.clock.advance(1_000);
    await pair.west.hasReceived(1);
    pair.clock.advance(500);
    const unknown = (await failure) as OutcomeUnknown;
    expect(unknown).toBeInstanceOf(OutcomeUnknown);
    expect(unknown).toMatchObject({
      kind: 'outcome-unknown',
      idempotencyKey: 'november-bill',
      attempts: [
        { region: pair.east.url, reason: 'no answer in 1500 ms' },
        { region: pair.west.url, reason: 'no answer in 500 ms' },
      ],
    });
    expect(unknown.message).toBe(
      'the payment may have been made: pay again with the idempotency key november-bill to know ' +
        `(${pair.east.url}: no answer in 1500 ms; ${pair.west.url}: no answer in 500 ms)`,
    );
    pair.east.does(answers(201, ACCEPTED, { 'idempotent-replayed': 'true' }));
    pair.west.does(answers(201, ACCEPTED, { 'idempotent-replayed': 'true' }));
    const receipt = await client.pay(ACCOUNT, PAYMENT, { idempotencyKey: unknown.idempotencyKey });
    expect(receipt).toMatchObject({ idempotencyKey: 'november-bill', replayed: true });
    // The first one has been late, the second one has not yet.
    expect([pair.east.received.length, pair.west.received.length]).toEqual([1, 2]);
  });

  test('both, for good: each is asked anew on a new connection after twice attemptMs, then ever more rarely', async () => {
    pair.east.does(hangs);
    pair.west.does(hangs);
    const failure = failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY));
    const startsMs = [];
    let passedMs = 0;
    for (const [region, count, afterMs] of [
      [pair.east, 1, 0],
      [pair.west, 1, 1_000],
      [pair.east, 2, 1_000],
      [pair.west, 2, 2_000],
      [pair.east, 3, 2_000],
    ] as const) {
      pair.clock.advance(afterMs);
      passedMs += afterMs;
      await region.hasReceived(count);
      startsMs.push(passedMs);
    }
    await pair.east.received[1]?.closed;
    pair.clock.advance(10_000);
    expect(await failure).toBeInstanceOf(OutcomeUnknown);
    expect(startsMs).toEqual([0, 1_000, 2_000, 4_000, 6_000]);
  });
});

describe('what is known when no Region accepts', () => {
  test('nobody listens: Unavailable, nothing was changed, after a bounded number of attempts', async () => {
    await Promise.all([pair.east.stop(), pair.west.stop()]);
    const failure = (await failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY))) as Unavailable;
    expect(failure).toBeInstanceOf(Unavailable);
    expect(failure).toMatchObject({ kind: 'unavailable', idempotencyKey: 'november-bill' });
    expect(failure.attempts).toHaveLength(20);
    expect(failure.attempts.slice(0, 2)).toEqual([
      { region: pair.east.url, reason: 'ECONNREFUSED' },
      { region: pair.west.url, reason: 'ECONNREFUSED' },
    ]);
    expect(failure.message).toMatch(/^no Region answered in time, and this call changed nothing: try again later \(/);
  });

  test('both say that nothing was written, with Retry-After beyond the deadline: Unavailable without waiting for it', async () => {
    pair.east.does(problem(503, 'not-attempted', { 'retry-after': '11' }));
    pair.west.does(problem(503, 'clock-skew', { 'retry-after': '12' }));
    expect(await failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY))).toMatchObject({
      kind: 'unavailable',
      attempts: [{ reason: '503 not-attempted' }, { reason: '503 clock-skew' }],
    });
    expect([pair.east.received.length, pair.west.received.length]).toEqual([1, 1]);
  });

  test('one resets and never comes back, the other says that nothing was written: OutcomeUnknown', async () => {
    pair.east.does(resets);
    pair.west.does(problem(503, 'not-attempted', { 'retry-after': '11' }));
    expect(await failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY))).toBeInstanceOf(OutcomeUnknown);
  });

  test('one may have made it and the other refuses: OutcomeUnknown, with the refusal as its cause', async () => {
    pair.east.does(resets);
    pair.west.does(problem(403, 'account-forbidden'));
    const unknown = (await failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY))) as OutcomeUnknown;
    expect(unknown).toBeInstanceOf(OutcomeUnknown);
    expect(unknown.cause).toMatchObject({ kind: 'refused', status: 403, type: 'account-forbidden' });
  });

  test('one did nothing for certain and the other refuses: Refused', async () => {
    pair.east.does(problem(503, 'not-attempted'));
    pair.west.does(problem(403, 'account-forbidden'));
    expect(await failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY))).toBeInstanceOf(Refused);
  });
});

describe('the caller ends it', () => {
  test('while it is under way: OutcomeUnknown with the key, and the connection is closed', async () => {
    pair.east.does(hangs);
    const abort = new AbortController();
    const failure = failureOf(pair.client.pay(ACCOUNT, PAYMENT, { signal: abort.signal }));
    await pair.east.hasReceived(1);
    abort.abort(new Error('the payer has left'));
    const unknown = (await failure) as OutcomeUnknown;
    expect(unknown).toMatchObject({ kind: 'outcome-unknown', idempotencyKey: keysOf(pair.east)[0] });
    expect(unknown.cause).toEqual(new Error('the payer has left'));
    await pair.east.received[0]?.closed;
    expect(pair.clock.pendingTimers).toBe(0);
  });

  test('before anything is sent: the reason of the signal', async () => {
    const signal = AbortSignal.abort(new Error('the payer has left'));
    const failure = await failureOf(pair.client.pay(ACCOUNT, PAYMENT, { signal }));
    expect(failure).toEqual(new Error('the payer has left'));
    expect(pair.east.received).toEqual([]);
  });
});

describe('backing off', () => {
  test('after both failed the first is asked again when its Retry-After and the jitter have passed', async () => {
    const client = pair.clientWith({ random: () => 0.5 });
    pair.east.does(problem(503, 'not-attempted', { 'retry-after': '1' }), accepts);
    pair.west.does(problem(503, 'not-attempted', { 'retry-after': '3' }));
    const receipt = client.pay(ACCOUNT, PAYMENT, KEY);
    await pair.west.hasReceived(1);
    await pair.clock.hasTimerIn(1_050);
    pair.clock.advance(1_049);
    expect(pair.east.received).toHaveLength(1);
    pair.clock.advance(1);
    expect((await receipt).paymentId).toBe(ACCEPTED.paymentId);
    expect([...keysOf(pair.east), ...keysOf(pair.west)]).toEqual(['november-bill', 'november-bill', 'november-bill']);
  });

  test('429 holds off in every Region for as long as it says', async () => {
    pair.east.does(problem(429, 'too-many-requests', { 'retry-after': '7' }), accepts);
    const receipt = pair.client.pay(ACCOUNT, PAYMENT, KEY);
    await pair.clock.hasTimerIn(7_000);
    expect(pair.west.received).toEqual([]);
    pair.clock.advance(7_000);
    expect((await receipt).idempotencyKey).toBe('november-bill');
    expect(keysOf(pair.east)).toEqual(['november-bill', 'november-bill']);
    expect(pair.west.received).toEqual([]);
  });

  test('429, and then no Region that can: it is not the limit that ended it', async () => {
    const cannot = problem(503, 'not-attempted', { 'retry-after': '9' });
    pair.east.does(problem(429, 'too-many-requests', { 'retry-after': '2' }), cannot);
    pair.west.does(cannot);
    const failure = failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY));
    await pair.clock.hasTimerIn(2_000);
    pair.clock.advance(2_000);
    expect(await failure).toBeInstanceOf(Unavailable);
  });

  test('429 for longer than the deadline: Refused at once, with what it said', async () => {
    pair.east.does(problem(429, 'too-many-requests', { 'retry-after': '10' }));
    expect(await failureOf(pair.client.pay(ACCOUNT, PAYMENT, KEY))).toMatchObject({
      kind: 'refused',
      status: 429,
      type: 'too-many-requests',
      retryAfterSeconds: 10,
      idempotencyKey: 'november-bill',
    });
    expect([pair.east.received.length, pair.west.received.length]).toEqual([1, 0]);
  });
});
