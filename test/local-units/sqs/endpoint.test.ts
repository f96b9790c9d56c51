// Owns the proof that queues behave as SQS's do, through the SDK; the same tests run against BASELOAD_SQS_ENDPOINT.
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { isEmulator, type LocalSqs, type LocalSqsOptions, startLocalSqs } from './local-sqs.ts';

const running: LocalSqs[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sqs) => sqs.stop()));
});
const open = async (options?: LocalSqsOptions): Promise<LocalSqs> => {
  const sqs = await startLocalSqs(options);
  running.push(sqs);
  return sqs;
};
const send = ({ client, queueUrl }: LocalSqs, MessageBody: string, DelaySeconds?: number) =>
  client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody, ...(DelaySeconds ? { DelaySeconds } : {}) }));
const receive = async (sqs: LocalSqs, more: object = {}, QueueUrl = sqs.queueUrl): Promise<readonly Message[]> =>
  (
    await sqs.client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        ...more,
      }),
    )
  ).Messages ?? [];
const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

describe('a message', () => {
  test('is seen by one receiver until its time-out, and counts its receives', async () => {
    const sqs = await open({ visibilityTimeoutSeconds: 1, maxReceiveCount: 5 });
    await send(sqs, 'one');
    const [first] = await receive(sqs);
    expect(first).toMatchObject({ Body: 'one', Attributes: { ApproximateReceiveCount: '1' } });
    expect(await receive(sqs)).toEqual([]);
    const [again] = await receive(sqs, { WaitTimeSeconds: 3 });
    expect(again).toMatchObject({ Body: 'one', Attributes: { ApproximateReceiveCount: '2' } });
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle: again?.ReceiptHandle }));
    expect(await receive(sqs, { WaitTimeSeconds: 2 })).toEqual([]);
  });

  test('ends a long poll when it comes, also a delayed one', async () => {
    const sqs = await open();
    const waiting = receive(sqs, { WaitTimeSeconds: 10 });
    await send(sqs, 'late', 1);
    const startedAtMs = Date.now();
    expect(bodies(await waiting)).toEqual(['late']);
    expect(Date.now() - startedAtMs).toBeLessThan(9_000);
  });

  test('whose visibility is set to 0 is seen at once; one that is not in flight cannot be changed', async () => {
    const sqs = await open({ maxReceiveCount: 5 });
    await send(sqs, 'one');
    const [{ ReceiptHandle } = {}] = await receive(sqs);
    const change = new ChangeMessageVisibilityCommand({ QueueUrl: sqs.queueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    await sqs.client.send(change);
    await expect(sqs.client.send(change)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(bodies(await receive(sqs))).toEqual(['one']);
  });
});

test('a batch: each entry for itself, and what SQS refuses as a whole', async () => {
  const sqs = await open();
  const batch = (Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
    sqs.client.send(new SendMessageBatchCommand({ QueueUrl: sqs.queueUrl, Entries }));
  const { Successful, Failed } = await batch([
    { Id: 'a', MessageBody: 'one' },
    { Id: 'b', MessageBody: 'two', DelaySeconds: 901 },
  ]);
  expect(Successful?.map(({ Id }) => Id)).toEqual(['a']);
  expect(Failed).toMatchObject([{ Id: 'b', SenderFault: true }]);
  await expect(batch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
  const twice = { Id: 'a', MessageBody: 'x' };
  await expect(batch([twice, twice])).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  const eleven = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
  await expect(batch(eleven)).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  const messages = await receive(sqs);
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl: sqs.queueUrl, Entries }));
  const { Attributes } = await sqs.client.send(
    new GetQueueAttributesCommand({ QueueUrl: sqs.queueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    VisibilityTimeout: '30',
  });
});

test('a poison message goes to the DLQ after its count, nobody behind it waits, and a move task brings it back', async () => {
  const sqs = await open({ maxReceiveCount: 2, visibilityTimeoutSeconds: 30 });
  await send(sqs, 'poison');
  for (const count of ['1', '2']) {
    const [message] = await receive(sqs, { VisibilityTimeout: 0 });
    expect(message?.Attributes?.ApproximateReceiveCount).toBe(count);
  }
  await send(sqs, 'behind');
  expect(bodies(await receive(sqs))).toEqual(['behind']);
  const { Attributes } = await sqs.client.send(
    new GetQueueAttributesCommand({ QueueUrl: sqs.deadLettersUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: sqs.deadLettersArn }));
  const [back] = await receive(sqs, { WaitTimeSeconds: 10 });
  expect(back).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
  const { Results } = await sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn: sqs.deadLettersArn }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
});

test('a purged queue is empty', async () => {
  const sqs = await open();
  await send(sqs, 'one');
  await sqs.client.send(new PurgeQueueCommand({ QueueUrl: sqs.queueUrl }));
  expect(await receive(sqs)).toEqual([]);
});

test('a queue that is not there', async () => {
  const sqs = await open();
  await expect(receive(sqs, {}, `${sqs.queueUrl}-nowhere`)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

const onEmulator = isEmulator ? describe : describe.skip;
onEmulator('the emulator', () => {
  test('keeps what it acknowledged through a kill: bodies, counts, time-outs, and what was deleted', async () => {
    const first = await open({ visibilityTimeoutSeconds: 60, maxReceiveCount: 9 });
    for (const body of ['done', 'in flight', 'waiting']) await send(first, body);
    const [done] = await receive(first, { MaxNumberOfMessages: 1 });
    await receive(first, { MaxNumberOfMessages: 1 });
    await first.client.send(new DeleteMessageCommand({ QueueUrl: first.queueUrl, ReceiptHandle: done?.ReceiptHandle }));
    let nowMs = Date.now();
    const second = await open({ dataDir: first.dataDir, nowMs: () => nowMs, maxReceiveCount: 9 });
    expect(bodies(await receive(second))).toEqual(['waiting']);
    expect(second.queues?.states()).toMatchObject([{ slug: 'work', visible: 0, inFlight: 2, dlq: 0 }]);
    nowMs += 24 * 3_600_000;
    const back = await receive(second);
    expect(back.map(({ Body, Attributes }) => [Body, Attributes?.ApproximateReceiveCount]).sort()).toEqual([
      ['in flight', '2'],
      ['waiting', '2'],
    ]);
  });

  test('lets a role do what its policies say and nothing else, in AWS’s words', async () => {
    const Resource = ['arn:aws:sqs:us-east-1:111111111111:work'];
    const sqs = await open({ statements: [{ Effect: 'Allow', Action: ['sqs:SendMessage'], Resource }] });
    const tester = sqs.as('LKIATESTER');
    const Entries = [{ Id: 'a', MessageBody: 'x' }];
    await tester.send(new SendMessageBatchCommand({ QueueUrl: sqs.queueUrl, Entries }));
    await expect(tester.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: sqs:ReceiveMessage on resource: arn:aws:sqs'),
    });
    await expect(sqs.as('nobody').send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('says what it does not imitate', async () => {
    const sqs = await open();
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(
      sqs.client.send(new SendMessageCommand({ QueueUrl: sqs.queueUrl, MessageBody: 'x', MessageAttributes })),
    ).rejects.toThrow('not emulated locally: message attributes');
  });
});
