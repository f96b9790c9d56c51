// Owns the proof that a worker which cannot read its key at its start burns no message, against an endpoint that refuses.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryEventLog } from '../../../lambdas/adapters/memory/event-log.ts';
import { MemoryProcessor } from '../../../lambdas/adapters/memory/processor.ts';
import { MemoryQueue } from '../../../lambdas/adapters/memory/queue.ts';
import { readSecret } from '../../../lambdas/adapters/secrets.ts';
import { encodePosition, keyOf } from '../../../lambdas/domain/keys.ts';
import { createSendNoticeHandler } from '../../../lambdas/send-notice/create-send-notice-handler.ts';
import { createSettlePaymentHandler } from '../../../lambdas/settle-payment/create-settle-payment-handler.ts';
import { createBreaker } from '../../../lambdas/shared/breaker.ts';
import { encodeNotice, encodeSettlement } from '../../../lambdas/shared/messages.ts';
import { billed, NOON_MS, opened, paid } from '../../contract/facts.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';
import { sqsEventAt } from '../harness/sqs-event.ts';

const ENV = { AWS_ENDPOINT_URL_SECRETS_MANAGER: '', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const BILL = billed('us_a', '2026-10', 4_250n);
const BILL_ID = encodePosition(BILL.accountId, keyOf(BILL));
const PAYMENT = paid('us_a', 'a', 100n);

let server: Server;
let answer: { readonly status: number; readonly body: object };
let asked: number;
let before: NodeJS.ProcessEnv;
let ledger: MemoryEventLog;
let queue: MemoryQueue;
let telemetry: RecordingTelemetry;
let secretsRead: string[];

const read = async () => void secretsRead.push(await readSecret('us-east-1', 'baseload/us/key'));
const shared = () => {
  const clock = new ManualClock(NOON_MS);
  const watched = { clock, telemetry };
  return { ledger, queue, random: () => 0.5, watched, ...watched };
};

beforeEach(async () => {
  asked = 0;
  answer = { status: 200, body: { SecretString: 'sk_1' } };
  server = createServer((_, response) => {
    asked += 1;
    response
      .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  before = { ...process.env };
  Object.assign(process.env, ENV, { AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint });
  [ledger, queue, telemetry, secretsRead] = [new MemoryEventLog(), new MemoryQueue(), new RecordingTelemetry(), []];
  for (const fact of [opened('us_a', NOON_MS - 60_000), PAYMENT, BILL]) await ledger.append(fact);
});
afterEach(async () => {
  for (const name of Object.keys(ENV)) delete process.env[name];
  Object.assign(process.env, before);
  await new Promise((closed) => server.close(closed));
});

const refuses = () => {
  answer = { status: 500, body: { __type: 'InternalServiceError' } };
};

describe('a secret', () => {
  test.each([
    ['refused', 400, { __type: 'ResourceNotFoundException' }, 'could not be read: ResourceNotFoundException'],
    ['refused', 400, { __type: 'AccessDeniedException' }, 'could not be read: AccessDeniedException'],
    ['refused', 200, { SecretString: '' }, 'holds no text'],
    ['away', 500, { __type: 'InternalServiceError' }, 'could not be read: InternalServiceError'],
  ])('is %s for %i %j', async (trouble, status, body, words) => {
    answer = { status, body };
    const message = `secret baseload/us/key ${words}`;
    await expect(read()).rejects.toMatchObject({ name: 'SecretUnavailable', trouble, message });
  });

  // The pauses between throttled tries are random: the last answer or the deadline of five seconds ends them, whichever is first.
  test('is away while it is throttled', async () => {
    answer = { status: 400, body: { __type: 'ThrottlingException' } };
    await expect(read()).rejects.toMatchObject({ name: 'SecretUnavailable', trouble: 'away' });
    expect(asked).toBeGreaterThan(1);
  });
});

describe('settle-payment', () => {
  const message = encodeSettlement(PAYMENT);
  const worker = (processor: MemoryProcessor) => {
    const { watched, ...deps } = shared();
    return createSettlePaymentHandler({
      ...deps,
      region: 'us-east-1',
      jurisdiction: 'us',
      views: { fact: async () => undefined },
      openProcessor: async () => {
        await read();
        return processor;
      },
      breakers: {
        ledger: createBreaker('ledger', watched),
        processor: createBreaker('processor', watched),
        secrets: createBreaker('secrets', watched),
      },
    });
  };

  test('puts its messages back while no key can be read, and soon asks for none', async () => {
    refuses();
    const handle = worker(new MemoryProcessor());
    for (let batch = 0; batch < 4; batch++) {
      expect(await handle(sqsEventAt(NOON_MS, message, message))).toEqual({ batchItemFailures: [] });
    }
    expect(queue.sent).toHaveLength(8);
    expect(telemetry.breakersOpened).toEqual(['secrets']);
    // Two reads, each tried four times.
    expect(asked).toBe(8);
    expect(telemetry.counts.has('InternalErrors')).toBe(false);
  });

  test('puts them back as well while its key is refused, and that is an error of the function', async () => {
    answer = { status: 400, body: { __type: 'ResourceNotFoundException' } };
    expect(await worker(new MemoryProcessor())(sqsEventAt(NOON_MS, message))).toEqual({ batchItemFailures: [] });
    expect(queue.sent).toHaveLength(1);
    expect(telemetry.counts.get('InternalErrors')).toBe(1);
  });

  test('asks anew with the next batch, and once it has the key never again', async () => {
    refuses();
    const processor = new MemoryProcessor();
    const handle = worker(processor);
    await handle(sqsEventAt(NOON_MS, message));
    answer = { status: 200, body: { SecretString: 'sk_1' } };
    for (let batch = 0; batch < 3; batch++) await handle(sqsEventAt(NOON_MS, message, message));
    expect(secretsRead).toEqual(['sk_1']);
    expect(processor.collectedMinor).toBe(100n);
  });

  test('keeps its processor when a whole batch fails for another reason', async () => {
    const processor = new MemoryProcessor();
    processor.faults.push({ on: 'prepare', effect: false });
    const handle = worker(processor);
    queue.send = () => Promise.reject(new Error('no queue takes this'));
    await expect(handle(sqsEventAt(NOON_MS, message))).rejects.toThrow('no queue takes this');
    await handle(sqsEventAt(NOON_MS, message));
    expect([secretsRead, processor.collectedMinor]).toEqual([['sk_1'], 100n]);
  });
});

describe('send-notice', () => {
  test('puts back what goes by webhook, and mail goes on', async () => {
    refuses();
    const told: string[] = [];
    const { watched, ...deps } = shared();
    const notifier = (name: string) => ({
      deliver: async () => {
        told.push(name);
        return 'delivered' as const;
      },
    });
    const handle = createSendNoticeHandler({
      ...deps,
      ledgerBreaker: createBreaker('ledger', watched),
      channels: {
        webhook: {
          breaker: createBreaker('notices', watched),
          open: async () => {
            await read();
            return notifier('webhook');
          },
        },
        email: { breaker: createBreaker('mail', watched), open: async () => notifier('email') },
      },
    });
    const batch = (...channels: readonly ('webhook' | 'email')[]) =>
      handle(sqsEventAt(NOON_MS, ...channels.map((channel) => encodeNotice(BILL_ID, channel))));
    for (let round = 0; round < 3; round++) expect(await batch('webhook')).toEqual({ batchItemFailures: [] });
    expect(telemetry.breakersOpened).toEqual(['secrets']);
    expect(await batch('webhook', 'email')).toEqual({ batchItemFailures: [] });
    expect(told).toEqual(['email']);
    expect(queue.sent.map(({ body }) => JSON.parse(body))).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ channel: 'webhook' })),
    );
  });
});
