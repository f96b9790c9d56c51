// Owns the proof that workers of one Region hold an account's limit together through the table, and that its failure refuses nobody.
import { describe, expect, test } from '@jest/globals';
import { DynamoRequestCounter } from '../../../lambdas/adapters/dynamo/request-counter.ts';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryRequestCounter } from '../../../lambdas/adapters/memory/request-counter.ts';
import { MemoryViewStore } from '../../../lambdas/adapters/memory/view-store.ts';
import { createPaymentsHandler } from '../../../lambdas/payments/create-payments-handler.ts';
import type { RequestCounter } from '../../../lambdas/ports/request-counter.ts';
import { RequestCounterUnavailable } from '../../../lambdas/ports/request-counter.ts';
import { AccountLimit } from '../../../lambdas/shared/account-limit.ts';
import { Accounts } from '../../../lambdas/shared/accounts.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { opened } from '../../contract/facts.ts';
import { onDynamo } from '../../contract/on-dynamo.ts';
import { TABLES } from '../../engine/tables.ts';
import { apiEvent } from '../harness/api-event.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { calls, NOON_MS } from '../harness/region.ts';

const LIMIT = 50;

/** Workers of one Region that share a ledger, a clock and `counter`. */
const workers = async (count: number, counter: RequestCounter) => {
  const clock = new ManualClock(NOON_MS);
  const telemetry = new RecordingTelemetry();
  const ledger = new MemoryEventLog();
  for (const account of ['us_a', 'us_b']) await ledger.append(opened(account, NOON_MS - 1_000));
  const handlers = Array.from({ length: count }, () =>
    createPaymentsHandler({
      region: 'us-east-1',
      jurisdiction: 'us',
      ledger,
      accounts: new Accounts(ledger, new MemoryViewStore()),
      limit: new AccountLimit({
        budget: 'payments',
        limit: LIMIT,
        counter,
        breaker: createBreaker('counts', { clock, telemetry }),
        clock,
        telemetry,
      }),
      clock,
      telemetry,
    }),
  );
  const pay = async (worker: number, key: string, account = 'us_a') => {
    const handle = handlers[worker % count];
    if (handle === undefined) throw new Error('no worker');
    const answer = await handle(apiEvent(calls.pay(key, 100, {}, account)));
    return { status: answer.statusCode, headers: answer.headers ?? {}, body: JSON.parse(answer.body ?? '{}') };
  };
  return { clock, telemetry, pay };
};

const statuses = (answers: readonly { status: number | undefined }[]) => ({
  created: answers.filter(({ status }) => status === 201).length,
  refused: answers.filter(({ status }) => status === 429).length,
});

describe('on dynamo', () => {
  const on = onDynamo();
  const table = () => new DynamoRequestCounter(on.dynamo, TABLES.requestCounts);

  test('four workers admit the limit, and no more than five each above it; another account and the next window are served', async () => {
    const { clock, pay, telemetry } = await workers(4, table());
    const answers = [];
    for (let n = 0; n < 300; n++) answers.push(await pay(n, `key-${n}`));
    const { created, refused } = statuses(answers);
    expect(created).toBeGreaterThanOrEqual(LIMIT);
    expect(created).toBeLessThanOrEqual(LIMIT + 4 * 5);
    expect(created + refused).toBe(300);
    expect(answers.at(-1)).toMatchObject({
      status: 429,
      headers: { 'content-type': 'application/problem+json', 'Retry-After': '10' },
      body: { type: 'too-many-requests', status: 429 },
    });
    expect(telemetry.counts.get('AccountLimitRefusals')).toBe(refused);
    expect(await pay(0, 'other', 'us_b')).toMatchObject({ status: 201, headers: { 'Baseload-Remaining': '49' } });
    clock.currentMs += 10_000;
    expect((await pay(1, 'key-299')).status).toBe(201);
  });

  test('a replay counts too, and refused is never written', async () => {
    const { clock, pay, telemetry } = await workers(1, table());
    clock.currentMs += 20_000;
    const answers = [];
    for (let n = 0; n < 60; n++) answers.push(await pay(0, 'the-same'));
    expect(statuses(answers)).toEqual({ created: 50, refused: 10 });
    expect(telemetry.counts.get('PaymentsAccepted')).toBe(1);
  });
});

describe('a counter', () => {
  test('is left alone for an account that makes few requests', async () => {
    const counter = new MemoryRequestCounter();
    const { pay } = await workers(1, counter);
    for (let n = 0; n < 5; n++) expect((await pay(0, `key-${n}`)).headers['Baseload-Remaining']).toBe(String(49 - n));
    expect(counter.asked).toBe(0);
    expect((await pay(0, 'key-5')).headers['Baseload-Remaining']).toBe('44');
    expect(counter.asked).toBe(1);
  });

  test('that fails refuses nobody, and is soon not asked', async () => {
    let asked = 0;
    const add = () => {
      asked++;
      return Promise.reject(new RequestCounterUnavailable('away'));
    };
    const { pay, telemetry } = await workers(1, { add });
    const answers = [];
    for (let n = 0; n < 80; n++) answers.push(await pay(0, `key-${n}`));
    expect(statuses(answers)).toEqual({ created: 80, refused: 0 });
    expect(asked).toBe(2);
    expect(telemetry.breakersOpened).toEqual(['counts']);
    expect(telemetry.counts.get('RequestCounterFailures')).toBe(75);
    expect(answers.at(-1)?.headers).not.toHaveProperty('Baseload-Remaining');
  });
});
