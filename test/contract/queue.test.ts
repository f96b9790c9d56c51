import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MemoryQueue } from '../../lambdas/adapters/memory/queue.ts';
import { createSqsClient, SqsQueue } from '../../lambdas/adapters/sqs/queue.ts';
import { type LocalSqs, startLocalSqs } from '../local-units/sqs/local-sqs.ts';
import { queueContract } from './queue.contract.ts';

describe('a queue in memory', () => {
  queueContract(async () => {
    const queue = new MemoryQueue();
    return { queue, visible: async () => queue.sent.map(({ body }) => body) };
  });
});

describe('a queue on SQS', () => {
  const CREDENTIALS = { accessKeyId: 'operator', secretAccessKey: 'x' };
  const running: LocalSqs[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sqs) => sqs.stop()));
  });
  const open = async () => {
    const sqs = await startLocalSqs();
    running.push(sqs);
    const client = createSqsClient({ region: 'us-east-1', endpoint: sqs.endpoint, credentials: CREDENTIALS });
    const visible = async (): Promise<readonly string[]> => {
      const { Messages = [] } = await sqs.client.send(
        new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl, MaxNumberOfMessages: 10 }),
      );
      return Messages.length === 0 ? [] : [...Messages.map(({ Body }) => Body ?? ''), ...(await visible())];
    };
    return { queue: new SqsQueue(client, sqs.queueUrl), visible, sqs, client };
  };
  queueContract(open);

  test('two messages that are too large for one batch go in two', async () => {
    const { queue, visible } = await open();
    const bodies = ['a'.repeat(700_000), 'b'.repeat(700_000)];
    expect(await queue.send(bodies.map((body) => ({ body })))).toEqual({ failed: [] });
    expect((await visible()).map((body) => body[0]).sort()).toEqual(['a', 'b']);
  });

  test('a queue that is not there: every message failed, and the reason is told once a batch', async () => {
    const { sqs, client } = await open();
    const errors: unknown[] = [];
    const queue = new SqsQueue(client, `${sqs.queueUrl}-nowhere`, { onFailure: (error) => errors.push(error) });
    const messages = Array.from({ length: 11 }, () => ({ body: 'x' }));
    expect(await queue.send(messages)).toEqual({ failed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
    expect(errors.map((error) => (error as Error).name)).toEqual(['QueueDoesNotExist', 'QueueDoesNotExist']);
  });

  test('an endpoint that is silent ends in failure within the deadline', async () => {
    const { sqs } = await open();
    const client = createSqsClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', credentials: CREDENTIALS });
    const queue = new SqsQueue(client, sqs.queueUrl, { deadlineMs: 300 });
    expect(await queue.send([{ body: 'x' }])).toEqual({ failed: [0] });
  });
});
