import { describe, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { TABLES } from '../engine/tables.ts';
import { account, paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

const on = onDynamo();
const open = () => new DynamoEventLog(on.dynamo, TABLES.ledger);
const operations = () => on.proxy.seen.map(({ operation }) => operation);

describe('an answer that is lost', () => {
  test('after the commit: the SDK tries again, and the caller sees its own first append', async () => {
    on.proxy.next('PutItem', { kind: 'lost-answer' });
    const fact = paid('us_lost', 'a');
    expect(await open().append(fact)).toEqual({ kind: 'appended' });
    expect(operations()).toEqual(['PutItem', 'PutItem']);
    expect(await open().readStream(account('us_lost'), fact.stream)).toEqual([fact]);
  });

  test('before the commit: the same', async () => {
    on.proxy.next('PutItem', { kind: 'lost-request' });
    expect(await open().append(paid('us_lost', 'b'))).toEqual({ kind: 'appended' });
    expect(operations()).toEqual(['PutItem', 'PutItem']);
  });

  test('after the commit, and another writer had been there before: occupied by its fact', async () => {
    const first = paid('us_lost', 'c', 1n);
    await open().append(first);
    on.proxy.next('PutItem', { kind: 'lost-answer' });
    expect(await open().append(paid('us_lost', 'c', 2n))).toEqual({ kind: 'occupied', fact: first });
  });

  test('on every attempt: outcome-unknown, and the same command finds its fact when it comes again', async () => {
    on.proxy.next('PutItem', { kind: 'lost-answer' }, 4);
    const fact = paid('us_lost', 'd');
    await expect(open().append(fact)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'outcome-unknown',
      reason: 'unreachable',
    });
    const retry = { ...fact, occurredAtMs: fact.occurredAtMs + 5000 };
    expect(await open().append(retry)).toEqual({ kind: 'occupied', fact });
  });

  test('half an answer is none: outcome-unknown', async () => {
    on.proxy.next('PutItem', { kind: 'stalled-body' });
    const log = new DynamoEventLog(on.connect({ timing: { callDeadlineMs: 1_000 } }), TABLES.ledger);
    await expect(log.append(paid('us_lost', 'e'))).rejects.toMatchObject({
      outcome: 'outcome-unknown',
      reason: 'timeout',
      message: 'PutItem failed after 1 attempt(s): no answer within 1000 ms',
    });
  });
});

describe('a store that never answers', () => {
  test('ends at the deadline with outcome-unknown, when nothing was carried out', async () => {
    on.proxy.next('PutItem', { kind: 'silent', carriedOut: false }, 4);
    const fact = paid('us_silent', 'a');
    await expect(open().append(fact)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'outcome-unknown',
      reason: 'timeout',
      message: expect.stringMatching(/^PutItem failed after [34] attempt\(s\): /),
    });
    expect(await open().readStream(account('us_silent'), fact.stream)).toEqual([]);
  }, 15_000);

  test('ends at the deadline with outcome-unknown, when it was carried out', async () => {
    on.proxy.next('PutItem', { kind: 'silent', carriedOut: true }, 4);
    const log = new DynamoEventLog(
      on.connect({ timing: { requestTimeoutMs: 300, callDeadlineMs: 1_500 } }),
      TABLES.ledger,
    );
    const fact = paid('us_silent', 'b');
    await expect(log.append(fact)).rejects.toMatchObject({ outcome: 'outcome-unknown', reason: 'timeout' });
    expect(await open().readStream(account('us_silent'), fact.stream)).toEqual([fact]);
  });

  test('is asked again after the time-out of a single request', async () => {
    on.proxy.next('PutItem', { kind: 'silent', carriedOut: true });
    expect(await open().append(paid('us_silent', 'c'))).toEqual({ kind: 'appended' });
    expect(operations()).toEqual(['PutItem', 'PutItem']);
  });

  test('fails a read with not-attempted: a read changes nothing', async () => {
    on.proxy.next('Query', { kind: 'silent', carriedOut: true });
    const log = new DynamoEventLog(on.connect({ timing: { callDeadlineMs: 200 } }), TABLES.ledger);
    await expect(log.readStream(account('us_silent'), 'a' as never)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'not-attempted',
      reason: 'timeout',
    });
  });
});

describe('a store that cannot be reached', () => {
  test('refuses the connection: not-attempted', async () => {
    const log = new DynamoEventLog(on.connect({ endpoint: 'http://127.0.0.1:1' }), TABLES.ledger);
    await expect(log.append(paid('us_refused', 'a'))).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'not-attempted',
      reason: 'unreachable',
      message: expect.stringMatching(/^PutItem failed after 4 attempt\(s\): /),
    });
  });

  test('has a name that nobody knows: not-attempted', async () => {
    const log = new DynamoEventLog(on.connect({ endpoint: 'http://nobody.invalid' }), TABLES.ledger);
    await expect(log.append(paid('us_refused', 'b'))).rejects.toMatchObject({
      outcome: 'not-attempted',
      reason: 'unreachable',
    });
  });

  test('gives no connection in time: the request that waited for one was not sent', async () => {
    on.proxy.next('PutItem', { kind: 'silent', carriedOut: false }, 50);
    const timing = { connectTimeoutMs: 100, requestTimeoutMs: 60_000, callDeadlineMs: 1500 };
    const log = new DynamoEventLog(on.connect({ timing }), TABLES.ledger);
    const holding = Array.from({ length: 50 }, (_, n) => log.append(paid(`us_held${n}`, 'a')));
    const held = Promise.allSettled(holding);
    await expect(log.append(paid('us_refused', 'c'))).rejects.toMatchObject({
      outcome: 'not-attempted',
      reason: 'unreachable',
      message: expect.stringContaining('did not establish a connection'),
    });
    for (const end of await held)
      expect(end).toMatchObject({ status: 'rejected', reason: { outcome: 'outcome-unknown' } });
  });
});
