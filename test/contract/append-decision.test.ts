import { describe, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { MemoryEventLog } from '../../lambdas/adapters/memory/event-log.ts';
import { decide } from '../../lambdas/domain/decide.ts';
import type { AccountOpened, Fact } from '../../lambdas/domain/facts.ts';
import { commandId, paymentIdOf } from '../../lambdas/domain/ids.ts';
import { paymentStream, type StreamId } from '../../lambdas/domain/keys.ts';
import type { Currency, Minor } from '../../lambdas/domain/money.ts';
import { receivableEffect } from '../../lambdas/domain/postings.ts';
import type { EventLog } from '../../lambdas/ports/event-log.ts';
import { type AppendOutcome, appendDecision } from '../../lambdas/shared/append-decision.ts';
import { fullJitter } from '../../lambdas/shared/pacing.ts';
import { TABLES } from '../engine/tables.ts';
import { account, NOON_MS, opened, paid, refunded } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

const soon = fullJitter({ baseMs: 1, capMs: 20 });

const command = (
  accountId: string,
  idempotencyKey: string,
  path = `/v1/accounts/${accountId}/payments`,
  body = 'A',
) => ({
  commandId: commandId({ jurisdiction: 'us', accountId: account(accountId), path, idempotencyKey }),
  body,
  region: 'us-east-1',
  nowMs: NOON_MS + 1000,
  account: opened(accountId) satisfies AccountOpened,
});

const post = (log: EventLog, base: ReturnType<typeof command>, amount = 100n): Promise<AppendOutcome> =>
  appendDecision(
    log,
    { accountId: base.account.accountId, stream: paymentStream(paymentIdOf(base.commandId)) },
    (facts) =>
      decide(facts, {
        ...base,
        type: 'PostPayment',
        amountMinor: amount as Minor,
        currency: 'USD' as Currency,
        method: 'card',
      }),
    soon,
  );

const onStream = (
  log: EventLog,
  stream: StreamId,
  base: ReturnType<typeof command>,
  what:
    | { type: 'DeclinePayment'; reason: string }
    | { type: 'RefundPayment'; amountMinor: Minor; reason: string }
    | { type: 'ReverseFact'; reversedOrdinal: number; reason: string },
): Promise<AppendOutcome> =>
  appendDecision(
    log,
    { accountId: base.account.accountId, stream },
    (facts) => decide(facts, { ...base, ...what }),
    soon,
  );

const netOf = (facts: readonly Fact[]): bigint => facts.reduce((sum, fact) => sum + receivableEffect(fact), 0n);

const writing = (open: () => EventLog): void => {
  test('a key again with the same body gives the same fact, and one fact is stored', async () => {
    const log = open();
    const first = await post(log, command('us_same', 'key-1'));
    const again = await post(log, { ...command('us_same', 'key-1'), nowMs: NOON_MS + 60_000 });
    expect(first).toMatchObject({ kind: 'appended', fact: { occurredAtMs: NOON_MS + 1000 } });
    expect(again).toMatchObject({ kind: 'replay', fact: { occurredAtMs: NOON_MS + 1000 } });
    expect((await log.readAccount(account('us_same'), { limit: 10 })).facts).toHaveLength(1);
  });

  test('a key again with another body is refused, and nothing changes', async () => {
    const log = open();
    await post(log, command('us_other', 'key-1'), 100n);
    const reuse = await post(log, command('us_other', 'key-1', undefined, 'B'), 999n);
    expect(reuse).toMatchObject({ kind: 'rejected', reason: 'idempotency-key-reuse' });
    expect(netOf((await log.readAccount(account('us_other'), { limit: 10 })).facts)).toBe(-100n);
  });

  test('one key on two accounts and on two paths is three commands', async () => {
    const log = open();
    const results = [
      await post(log, command('us_two_a', 'key-1')),
      await post(log, command('us_two_b', 'key-1')),
      await post(log, command('us_two_a', 'key-1', '/v2/accounts/us_two_a/payments')),
    ];
    expect(results.map(({ kind }) => kind)).toEqual(['appended', 'appended', 'appended']);
    expect((await log.readAccount(account('us_two_a'), { limit: 10 })).facts).toHaveLength(2);
  });

  test('keys full of separators stay apart, and none of their text is in a key of the ledger', async () => {
    const log = open();
    const keys = [
      '#',
      '##',
      '#000',
      'p#',
      'a|b',
      'a',
      '|b',
      'hb#us-east-1#00',
      '%',
      '*',
      '"',
      "'",
      '\\',
      '__proto__',
      'é',
      '💧',
      '~'.repeat(255),
    ];
    for (const key of keys) expect(await post(log, command('us_keys', key))).toMatchObject({ kind: 'appended' });
    const { facts } = await log.readAccount(account('us_keys'), { limit: 100 });
    expect(facts).toHaveLength(17);
    expect(facts.every(({ stream }) => /^p#pay_[a-z2-7]{52}$/.test(stream))).toBe(true);
    for (const fact of facts) expect(await log.readStream(account('us_keys'), fact.stream)).toEqual([fact]);
  });

  test('fifty at once with one key: one payment, fifty equal facts', async () => {
    const log = open();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(log, { ...command('us_fifty', 'key-1'), nowMs: NOON_MS + n })),
    );
    expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'replay')).toHaveLength(49);
    expect(new Set(results.map((result) => (result.kind === 'rejected' ? -1 : result.fact.occurredAtMs))).size).toBe(1);
    expect((await log.readAccount(account('us_fifty'), { limit: 10 })).facts).toHaveLength(1);
  });

  test.each([1, 2, 3, 4, 5])(
    'decline, refund and reversal racing on one payment have one net effect (%i)',
    async (round) => {
      const log = open();
      const id = `us_race${round}`;
      const payment = paid(id, 'a', 100n);
      await log.append(payment);
      const racing = [
        onStream(log, payment.stream, command(id, 'decline'), { type: 'DeclinePayment', reason: 'insufficient funds' }),
        onStream(log, payment.stream, command(id, 'refund'), {
          type: 'RefundPayment',
          amountMinor: 100n as Minor,
          reason: 'moved out',
        }),
        onStream(log, payment.stream, command(id, 'reverse'), {
          type: 'ReverseFact',
          reversedOrdinal: 0,
          reason: 'by mistake',
        }),
      ];
      await Promise.all(racing);
      const facts = await log.readStream(account(id), payment.stream);
      expect(netOf(facts)).toBe(0n);
      expect(facts.slice(1).filter((fact) => receivableEffect(fact) === 100n)).toHaveLength(1);
      expect(facts.map(({ ordinal }) => ordinal)).toEqual(facts.map((_, index) => index));
    },
  );

  test('ten refunds of 30 racing on a payment of 100: three are granted', async () => {
    const log = open();
    const payment = paid('us_refunds', 'a', 100n);
    await log.append(payment);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        onStream(log, payment.stream, command('us_refunds', `refund-${n}`), {
          type: 'RefundPayment',
          amountMinor: 30n as Minor,
          reason: 'partly',
        }),
      ),
    );
    expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(3);
    expect(
      results.filter((result) => result.kind === 'rejected' && result.reason === 'refund-exceeds-payment'),
    ).toHaveLength(7);
    expect(netOf(await log.readStream(account('us_refunds'), payment.stream))).toBe(-10n);
  });
};

describe('the write loop in memory', () => {
  const memory = new MemoryEventLog();
  writing(() => memory);

  test('gives up after ten lost races, with nothing written', async () => {
    const payment = paid('us_starved', 'a', 100n);
    const pauses: number[] = [];
    const decided: number[] = [];
    const starved: Pick<EventLog, 'readStream' | 'append'> = {
      readStream: async () => [payment],
      append: async () => ({ kind: 'occupied', fact: refunded(payment, 1, 1n) }),
    };
    const written = appendDecision(
      starved as EventLog,
      { accountId: account('us_starved'), stream: payment.stream },
      (facts) => {
        decided.push(facts.length);
        return { kind: 'append', fact: refunded(payment, 1, 2n) };
      },
      { pause: async (attempt) => void pauses.push(attempt) },
    );
    await expect(written).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'not-attempted',
      reason: 'conflict',
      message: expect.stringMatching(/ was taken by another writer 10 times: retry with the same key$/),
    });
    expect(decided).toHaveLength(10);
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('the write loop on dynamo', () => {
  const on = onDynamo();
  const open = () => new DynamoEventLog(on.dynamo, TABLES.ledger);
  writing(open);

  test('answer lost after the commit on every attempt, then the client tries again: one payment', async () => {
    on.proxy.next('PutItem', { kind: 'lost-answer' }, 4);
    await expect(post(open(), command('us_retry', 'key-1'))).rejects.toMatchObject({ outcome: 'outcome-unknown' });
    const again = await post(open(), { ...command('us_retry', 'key-1'), nowMs: NOON_MS + 9000 });
    expect(again).toMatchObject({ kind: 'replay', fact: { occurredAtMs: NOON_MS + 1000 } });
    expect((await open().readAccount(account('us_retry'), { limit: 10 })).facts).toHaveLength(1);
  });
});

test('full jitter waits up to twice as long each time, and never above its cap', async () => {
  const waits: number[] = [];
  const pacing = fullJitter(
    { baseMs: 50, capMs: 500 },
    () => 0.5,
    async (ms) => void waits.push(ms),
  );
  for (const attempt of [1, 2, 3, 4, 5, 6, 10]) await pacing.pause(attempt);
  expect(waits).toEqual([25, 50, 100, 200, 250, 250, 250]);
});
