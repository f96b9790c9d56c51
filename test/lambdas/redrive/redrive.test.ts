// Owns the proof that dead letters of a trouble that is over go back once, are told of, and are left to people when they come back.
// On the real engine's table and a queue with its dead-letter queue; only alarms and deployments are given.
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DynamoRedrives } from '../../../lambdas/adapters/dynamo/redrives.ts';
import { SqsDeadLetters } from '../../../lambdas/adapters/sqs/dead-letters.ts';
import { createSqsClient } from '../../../lambdas/adapters/sqs/queue.ts';
import type { AlarmState } from '../../../lambdas/ports/alarm-states.ts';
import type { DeadLetters } from '../../../lambdas/ports/dead-letters.ts';
import type { Page } from '../../../lambdas/ports/pager.ts';
import { createRedriveHandler, type RedriveDeps } from '../../../lambdas/redrive/create-redrive-handler.ts';
import type { QueueSlug } from '../../../lambdas/shared/names.ts';
import { onDynamo } from '../../contract/on-dynamo.ts';
import { TABLES } from '../../engine/tables.ts';
import { type LocalSqs, startLocalSqs } from '../../local-units/sqs/local-sqs.ts';
import { ManualClock } from '../harness/manual-clock.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const on = onDynamo();
/** Another day in each test, far from the others' rows. */
let rangMs = 1_800_000_000_000;
let sqs: LocalSqs;
let clock: ManualClock;
let telemetry: RecordingTelemetry;
let pages: Page[];
let states: AlarmState[];

beforeEach(async () => {
  rangMs += 1_000 * HOUR;
  clock = new ManualClock(rangMs + 30 * MINUTE);
  telemetry = new RecordingTelemetry();
  pages = [];
  states = ringing('P1-settlements', rangMs, rangMs + 10 * MINUTE);
  sqs = await startLocalSqs({ visibilityTimeoutSeconds: 0, maxReceiveCount: 1 });
});
afterEach(() => sqs.stop());

/** The letters of a queue ring, its worker has recovered, all else is well. */
const ringing = (tierAndQueue: string, sinceMs: number, recoveredAtMs: number): AlarmState[] => {
  const [, tier = '', queue = ''] = /^(P\d)-(.*)$/.exec(tierAndQueue) ?? [];
  const ok = (name: string, since: number): AlarmState => ({
    name: `baseload-us-${name}`,
    state: 'OK',
    sinceMs: since,
  });
  const before = sinceMs - 500 * HOUR;
  return [
    { name: `baseload-us-${queue}-dead-letters-${tier}`, state: 'ALARM', sinceMs },
    ok('settle-payment-errors-P1', recoveredAtMs),
    ok('breaker-opened-P2', before),
    ok('worker-throttles-P2', before),
    ok('ledger-refusals-P0', before),
    ok('region-unhealthy-P1', before),
  ];
};

const look = (changes: Partial<RedriveDeps> = {}): Promise<void> => {
  const client = createSqsClient({
    region: 'us-east-1',
    endpoint: sqs.endpoint,
    credentials: { accessKeyId: 'operator', secretAccessKey: 'x' },
  });
  return createRedriveHandler({
    region: 'us-east-1',
    runbookBase: '',
    alarms: { all: async () => states },
    deployments: { latest: async () => [] },
    deadLettersOf: () => new SqsDeadLetters(client, sqs.deadLettersUrl),
    redrives: new DynamoRedrives(on.dynamo, TABLES.regionState),
    pager: { publish: async (page) => void pages.push(page) },
    clock,
    telemetry,
    ...changes,
  })();
};

const giveUp = async (...bodies: readonly string[]): Promise<void> => {
  for (const MessageBody of bodies)
    await sqs.client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody }));
  await failAll(bodies.length);
};

/** Received once without being deleted, each lies in the dead-letter queue when somebody asks for the next. */
const failAll = async (count: number): Promise<void> => {
  while ((await depth(sqs.deadLettersUrl)) < count)
    await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10 }));
};

const depth = async (QueueUrl: string): Promise<number> => {
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] });
  return Number((await sqs.client.send(asked)).Attributes?.ApproximateNumberOfMessages);
};

const moved = async (count: number): Promise<void> => {
  while ((await depth(sqs.queueUrl)) < count) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('letters whose trouble is over', () => {
  test('go back, with an audit line and a message to those whom their alarm told', async () => {
    await giveUp('one', 'two');
    await look();
    await moved(2);
    expect(await depth(sqs.deadLettersUrl)).toBe(0);
    expect(telemetry.lines).toEqual([
      {
        level: 'info',
        message: 'audit',
        fields: {
          audit: 'redrive',
          region: 'us-east-1',
          queue: 'settlements',
          count: 2,
          perSecond: 10,
          reason: 'baseload-us-settle-payment-errors-P1 is OK again',
        },
      },
    ]);
    expect(pages).toEqual([
      {
        tier: 'P1',
        subject: 'P1 us-east-1 settlements: dead letters of settlements go back to work: 2',
        text: `P1 in us-east-1: the dead letters of settlements, about 2, go back to their queue, since baseload-us-settle-payment-errors-P1 is OK again.

Nobody has to do anything. It is done once: letters that come back are left to people.
Runbook: docs/runbooks/settlements-dead-letters.md
`,
        attributes: {
          tier: 'P1',
          region: 'us-east-1',
          queue: 'settlements',
          redrive: 'redriven',
          runbook: 'docs/runbooks/settlements-dead-letters.md',
        },
      },
    ]);
  });

  test('and come back: nothing is moved again, and people are told, once', async () => {
    await giveUp('one');
    await look();
    await moved(1);
    await failAll(1);
    // They were gone, and the alarm rings anew; something else has recovered as well.
    states = ringing('P1-settlements', rangMs + 60 * MINUTE, rangMs + 61 * MINUTE);
    for (const minutes of [80, 85, 90]) {
      clock.currentMs = rangMs + minutes * MINUTE;
      await look();
    }
    // Days later somebody looks at them: hidden for half a minute they ring anew.
    clock.currentMs = rangMs + 47 * HOUR;
    await look();
    states = ringing('P1-settlements', rangMs + 90 * HOUR, rangMs + 90 * HOUR);
    clock.currentMs = rangMs + 91 * HOUR;
    await look();
    expect(await depth(sqs.deadLettersUrl)).toBe(1);
    expect(pages.map(({ subject }) => subject)).toEqual([
      'P1 us-east-1 settlements: dead letters of settlements go back to work: 1',
      'P1 us-east-1 settlements: dead letters of settlements came back after a redrive',
    ]);
    expect(telemetry.lines.filter(({ message }) => message === 'audit')).toHaveLength(1);
  });

  test('two calls at once make one redrive', async () => {
    await giveUp('one');
    await Promise.allSettled([look(), look()]);
    await moved(1);
    expect(telemetry.lines.filter(({ message }) => message === 'audit')).toHaveLength(1);
    expect(pages).toHaveLength(1);
  });
});

describe('left where they are', () => {
  test('letters that somebody has redriven in vain', async () => {
    await giveUp('one');
    await new SqsDeadLetters(sqs.client, sqs.deadLettersUrl).startMove(10);
    await moved(1);
    await failAll(1);
    // SQS's clock is the machine's.
    const startedAtMs = (await new SqsDeadLetters(sqs.client, sqs.deadLettersUrl).latestMove())?.startedAtMs ?? 0;
    states = ringing('P1-settlements', startedAtMs + MINUTE, startedAtMs + MINUTE);
    clock.currentMs = startedAtMs + HOUR;
    await look();
    expect([await depth(sqs.deadLettersUrl), pages]).toEqual([1, []]);
  });

  test('while the worker still fails: a line says why', async () => {
    await giveUp('one');
    states = states.map((state) =>
      state.name.includes('settle-payment-errors') ? { ...state, state: 'ALARM' as const } : state,
    );
    await look();
    expect([await depth(sqs.deadLettersUrl), pages]).toEqual([1, []]);
    expect(telemetry.lines.map(({ message, fields }) => [message, fields])).toEqual([
      [
        'dead letters are left where they are',
        { queue: 'settlements', reason: 'what makes the work fail is not over, or only just' },
      ],
    ]);
  });

  test('no alarm rings: neither queues nor deployments are asked', async () => {
    states = states.map((state) => ({ ...state, state: 'OK' as const }));
    const never = () => {
      throw new Error('asked');
    };
    await look({ deadLettersOf: never, deployments: { latest: never } });
    expect(telemetry.lines).toEqual([]);
  });
});

describe('when something fails', () => {
  test('a move that does not start is not tried again: the error tells people', async () => {
    await giveUp('one');
    let starts = 0;
    const refusing = {
      count: async () => 1,
      latestMove: async () => undefined,
      startMove: async () => {
        starts += 1;
        throw new Error('AccessDenied');
      },
    };
    await expect(look({ deadLettersOf: () => refusing })).rejects.toThrow('AccessDenied');
    await look({ deadLettersOf: () => refusing });
    expect([starts, pages]).toEqual([1, []]);
  });

  test('one queue’s failure keeps nobody from the others', async () => {
    await giveUp('one');
    states = [...ringing('P2-notices', rangMs, rangMs), ...states];
    const real = new SqsDeadLetters(sqs.client, sqs.deadLettersUrl);
    const down = () => Promise.reject(new Error('SQS is down'));
    const away: DeadLetters = { count: down, latestMove: down, startMove: down };
    const deadLettersOf = (queue: QueueSlug) => (queue === 'notices' ? away : real);
    await expect(look({ deadLettersOf })).rejects.toThrow('SQS is down');
    await moved(1);
    expect(pages.map(({ attributes }) => attributes['queue'])).toEqual(['settlements']);
  });
});
