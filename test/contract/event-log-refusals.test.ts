import { describe, expect, test } from '@jest/globals';
import { DynamoEventLog } from '../../lambdas/adapters/dynamo/event-log.ts';
import { TABLES } from '../engine/tables.ts';
import { account, paid } from './facts.ts';
import { onDynamo } from './on-dynamo.ts';

const on = onDynamo();
const open = () => new DynamoEventLog(on.dynamo, TABLES.ledger);
const operations = () => on.proxy.seen.map(({ operation }) => operation);

describe('a write that DynamoDB refuses', () => {
  test.each([
    ['ThrottlingException', 'throttled'],
    ['ProvisionedThroughputExceededException', 'throttled'],
    ['RequestLimitExceeded', 'throttled'],
  ])('%s on every attempt: not-attempted, %s', async (exception, reason) => {
    on.proxy.next('PutItem', { kind: 'refuse', exception }, 4);
    const log = new DynamoEventLog(on.connect({ timing: { callDeadlineMs: 2_000 } }), TABLES.ledger);
    await expect(log.append(paid('us_throttled', 'a'))).rejects.toMatchObject({ outcome: 'not-attempted', reason });
  });

  test('a throttle that passes goes unnoticed', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'ThrottlingException' });
    expect(await open().append(paid('us_throttled', 'b'))).toEqual({ kind: 'appended' });
  });

  test.each([
    'AccessDeniedException',
    'ValidationException',
    'ResourceNotFoundException',
    'UnrecognizedClientException',
  ])('%s: not-attempted, after one attempt', async (exception) => {
    on.proxy.next('PutItem', { kind: 'refuse', exception, message: 'so it is' });
    await expect(open().append(paid('us_denied', 'a'))).rejects.toMatchObject({
      outcome: 'not-attempted',
      reason: 'refused',
      message: 'PutItem failed after 1 attempt(s): so it is',
    });
  });

  test('an internal error on every attempt: outcome-unknown', async () => {
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'InternalServerError', status: 500 }, 4);
    await expect(open().append(paid('us_internal', 'a'))).rejects.toMatchObject({
      outcome: 'outcome-unknown',
      reason: 'refused',
    });
  });

  test('one attempt in doubt among refusals: outcome-unknown', async () => {
    on.proxy.next('PutItem', { kind: 'lost-request' });
    on.proxy.next('PutItem', { kind: 'refuse', exception: 'AccessDeniedException' });
    await expect(open().append(paid('us_internal', 'b'))).rejects.toMatchObject({
      outcome: 'outcome-unknown',
      reason: 'unreachable',
    });
  });
});

describe('ReplicatedWriteConflictException through all attempts', () => {
  const conflict = {
    kind: 'refuse',
    exception: 'ReplicatedWriteConflictException',
    message: 'being modified',
  } as const;

  test('nothing there: not-attempted, after a strong read', async () => {
    on.proxy.next('PutItem', conflict, 4);
    await expect(open().append(paid('us_conflict', 'a'))).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      outcome: 'not-attempted',
      reason: 'conflict',
    });
    expect(operations()).toEqual(['PutItem', 'PutItem', 'PutItem', 'PutItem', 'GetItem']);
    expect(on.proxy.seen.at(-1)?.body.ConsistentRead).toBe(true);
  });

  test("the other Region's fact there: occupied", async () => {
    const other = { ...paid('us_conflict', 'b', 1n), region: 'us-west-2' };
    await open().append(other);
    on.proxy.next('PutItem', conflict, 4);
    expect(await open().append(paid('us_conflict', 'b', 2n))).toEqual({ kind: 'occupied', fact: other });
  });

  test('our own fact there, from an attempt whose answer was lost: appended', async () => {
    on.proxy.next('PutItem', { kind: 'lost-answer' });
    on.proxy.next('PutItem', conflict, 3);
    const fact = paid('us_conflict', 'c');
    expect(await open().append(fact)).toEqual({ kind: 'appended' });
    expect(await open().readStream(account('us_conflict'), fact.stream)).toEqual([fact]);
  });

  test('nothing there but one attempt in doubt: outcome-unknown', async () => {
    on.proxy.next('PutItem', { kind: 'lost-request' });
    on.proxy.next('PutItem', conflict, 3);
    await expect(open().append(paid('us_conflict', 'd'))).rejects.toMatchObject({ outcome: 'outcome-unknown' });
  });

  test('and the strong read fails too: not-attempted still, every attempt was refused', async () => {
    on.proxy.next('PutItem', conflict, 4);
    on.proxy.next('GetItem', { kind: 'refuse', exception: 'AccessDeniedException' });
    await expect(open().append(paid('us_conflict', 'e'))).rejects.toMatchObject({
      outcome: 'not-attempted',
      reason: 'conflict',
    });
  });

  test('fewer than all attempts: appended', async () => {
    on.proxy.next('PutItem', conflict, 3);
    expect(await open().append(paid('us_conflict', 'f'))).toEqual({ kind: 'appended' });
  });
});
