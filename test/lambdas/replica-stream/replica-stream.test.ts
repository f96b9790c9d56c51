import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ReplicaState } from '../../../lambdas/adapters/dynamo/replica-tables.ts';
import { answerCloudFormation } from '../../../lambdas/replica-stream/answer-cloudformation.ts';
import { createReplicaStreamHandler } from '../../../lambdas/replica-stream/create-replica-stream-handler.ts';
import { RecordingTelemetry } from '../harness/recording-telemetry.ts';

const STREAM_ARN = 'arn:aws:dynamodb:us-west-2:123456789012:table/baseload-us-ledger-g1/stream/2026-11-01T00:00:00.000';

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

/** Stands for CloudFormation's bucket; refuses the first `refusals` answers. */
const responseUrl = async (
  refusals = 0,
): Promise<{ url: string; answers: { type: string | undefined; body: unknown }[] }> => {
  const answers: { type: string | undefined; body: unknown }[] = [];
  let left = refusals;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    left -= 1;
    if (left >= 0) return void response.writeHead(503).end();
    answers.push({ type: request.headers['content-type'], body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/answer`, answers };
};

const event = (ResponseURL: string, changes: object = {}): CloudFormationCustomResourceEvent =>
  ({
    RequestType: 'Create',
    ServiceToken: 'arn:aws:lambda:us-west-2:123456789012:function:baseload-us-replica-stream',
    ResponseURL,
    StackId: 'stack-1',
    RequestId: 'request-1',
    LogicalResourceId: 'ReplicaStream',
    ResourceType: 'Custom::ReplicaStream',
    ResourceProperties: { ServiceToken: 'x', TableName: 'baseload-us-ledger-g1', Generation: 'g1' },
    ...changes,
  }) as CloudFormationCustomResourceEvent;

const handlerOver = (states: readonly (ReplicaState | Error)[]) => {
  let call = 0;
  const describe = async (): Promise<ReplicaState> => {
    const state = states[Math.min(call++, states.length - 1)];
    if (state === undefined || state instanceof Error) throw state;
    return state;
  };
  const handler = createReplicaStreamHandler({
    region: 'us-west-2',
    tables: { describe },
    answer: answerCloudFormation,
    telemetry: new RecordingTelemetry(),
    pollMs: 1,
  });
  return { handler, calls: () => call };
};
const plentyOfTime = { getRemainingTimeInMillis: () => 600_000 };

const answerWith = (status: string, reason: string, data: object) => ({
  Status: status,
  Reason: reason,
  PhysicalResourceId: 'baseload-us-ledger-g1',
  StackId: 'stack-1',
  RequestId: 'request-1',
  LogicalResourceId: 'ReplicaStream',
  Data: data,
});

test('waits until the replica is active and has a stream, then gives its ARN', async () => {
  const { url, answers } = await responseUrl();
  const { handler, calls } = handlerOver([
    { status: 'ABSENT' },
    { status: 'CREATING', latestStreamArn: STREAM_ARN },
    { status: 'ACTIVE' },
    { status: 'ACTIVE', latestStreamArn: STREAM_ARN },
  ]);
  await handler(event(url), plentyOfTime);
  expect(calls()).toBe(4);
  expect(answers).toEqual([{ type: '', body: answerWith('SUCCESS', 'found', { StreamArn: STREAM_ARN }) }]);
});

test('a role so new that DynamoDB refuses it is waited for', async () => {
  const { url, answers } = await responseUrl();
  const { handler, calls } = handlerOver([{ status: 'DENIED' }, { status: 'ACTIVE', latestStreamArn: STREAM_ARN }]);
  await handler(event(url), plentyOfTime);
  expect(calls()).toBe(2);
  expect(answers).toEqual([{ type: '', body: answerWith('SUCCESS', 'found', { StreamArn: STREAM_ARN }) }]);
});

test('a role that is still refused after a minute is told', async () => {
  const { url, answers } = await responseUrl();
  const { handler, calls } = handlerOver([{ status: 'DENIED' }]);
  let leftMs = 600_000;
  const getRemainingTimeInMillis = (): number => {
    leftMs -= 20_000;
    return leftMs;
  };
  await handler(event(url), { getRemainingTimeInMillis });
  expect(calls()).toBe(2);
  const reason = 'the role of this function may not describe table baseload-us-ledger-g1 in us-west-2: see its policy';
  expect(answers).toEqual([{ type: '', body: answerWith('FAILED', reason, {}) }]);
});

test('a replica that does not come is told before the function runs out of time', async () => {
  const { url, answers } = await responseUrl();
  const { handler, calls } = handlerOver([{ status: 'CREATING' }]);
  await handler(event(url), { getRemainingTimeInMillis: () => 25_000 });
  expect(calls()).toBe(1);
  const reason = 'table baseload-us-ledger-g1 in us-west-2 is CREATING with no stream: deploy the ledger stack first';
  expect(answers.map(({ body }) => body)).toEqual([answerWith('FAILED', reason, {})]);
});

test('a refusal of DynamoDB is told', async () => {
  const { url, answers } = await responseUrl();
  await handlerOver([new Error('User is not authorized to perform dynamodb:DescribeTable')]).handler(
    event(url),
    plentyOfTime,
  );
  expect(answers.map(({ body }) => body)).toEqual([
    answerWith('FAILED', 'User is not authorized to perform dynamodb:DescribeTable', {}),
  ]);
});

test('delete asks nothing and succeeds, so that a stack can always go', async () => {
  const { url, answers } = await responseUrl();
  const { handler, calls } = handlerOver([new Error('not asked')]);
  await handler(event(url, { RequestType: 'Delete', PhysicalResourceId: 'baseload-us-ledger-g1' }), plentyOfTime);
  expect(calls()).toBe(0);
  expect(answers.map(({ body }) => body)).toEqual([answerWith('SUCCESS', 'found', {})]);
});

test('a resource without a table name is told what it lacks', async () => {
  const { url, answers } = await responseUrl();
  await handlerOver([]).handler(event(url, { ResourceProperties: { ServiceToken: 'x' } }), plentyOfTime);
  expect(answers[0]?.body).toMatchObject({
    Status: 'FAILED',
    Reason: 'TableName must be the name of a table, got undefined: set it on the resource',
    PhysicalResourceId: 'ReplicaStream',
  });
});

test('an answer that is not taken is sent again, a bounded number of times', async () => {
  const twice = await responseUrl(2);
  await handlerOver([{ status: 'ACTIVE', latestStreamArn: STREAM_ARN }]).handler(event(twice.url), plentyOfTime);
  expect(twice.answers).toHaveLength(1);
});
