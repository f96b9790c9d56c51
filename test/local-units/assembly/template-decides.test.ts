// Owns the proof that what runs here comes from the template: each value changed there is changed in the plan.
import { afterEach, expect, test } from '@jest/globals';
import type { AppPlan } from '../../../local/assembly/plan.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { app, type Template, type Written, written } from './written.ts';

const all: Written[] = [];
afterEach(() => {
  for (const one of all.splice(0)) one.remove();
});

const planOf = (change: (resources: Template) => void): AppPlan => {
  const template = app();
  change(template.Resources);
  const one = written(template);
  all.push(one);
  return readAssembly(one.dir);
};

const withCheck = (r: Template, config: object): void => {
  r.Check = {
    Type: 'AWS::Route53::HealthCheck',
    Properties: {
      HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'a.test', ResourcePath: '/health', ...config },
    },
  };
};

const withQueue = (r: Template, properties: object): void => {
  r.DeadLetters = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q-dlq' } };
  r.Queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q', ...properties } };
};
const DEAD_LETTERS_ARN = 'arn:aws:sqs:us-east-1:123456789012:q-dlq';

const withAuthorizer = (r: Template): void => {
  r.Tokens = {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: { Ref: 'Api' },
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['one', 'two'], Issuer: 'https://issuer.test/' },
    },
  };
  Object.assign(r.Route.Properties, {
    AuthorizationType: 'JWT',
    AuthorizerId: { Ref: 'Tokens' },
    AuthorizationScopes: ['pay'],
  });
};

const fn = (plan: AppPlan) => plan.regions[0]?.functions[0];
const api = (plan: AppPlan) => plan.regions[0]?.httpApi;
const route = (plan: AppPlan) => api(plan)?.routes[0];
const source = (plan: AppPlan) => plan.regions[0]?.streamSources[0];
const queue = (plan: AppPlan) => plan.regions[0]?.queues.find(({ name }) => name === 'q');
const check = (plan: AppPlan) => plan.healthChecks[0];

test.each<[string, (resources: Template) => void, (plan: AppPlan) => unknown, object]>([
  ['TTL', (r) => (r.Record.Properties.TTL = '30'), (plan) => plan.records[0], { ttlSeconds: 30 }],
  [
    'record target',
    (r) => (r.Record.Properties.ResourceRecords = ['d-2.test']),
    (plan) => plan.records[0],
    { target: 'd-2.test' },
  ],
  [
    'health check of a record',
    (r) => (r.Record.Properties.HealthCheckId = 'abc'),
    (plan) => plan.records[0],
    { healthCheckId: 'abc' },
  ],
  [
    'interval, threshold, path and inversion',
    (r) => withCheck(r, { RequestInterval: 10, FailureThreshold: 5, ResourcePath: '/other', Inverted: true }),
    check,
    { requestIntervalSeconds: 10, failureThreshold: 5, path: '/other', inverted: true },
  ],
  [
    'interval and threshold left to Route 53',
    (r) => withCheck(r, {}),
    check,
    { requestIntervalSeconds: 30, failureThreshold: 3, inverted: false },
  ],
  [
    'timeout, memory and reserved concurrency',
    (r) => Object.assign(r.Function.Properties, { Timeout: 7, MemorySize: 512, ReservedConcurrentExecutions: 0 }),
    fn,
    { timeoutSeconds: 7, memoryMb: 512, reservedConcurrency: 0 },
  ],
  [
    'environment',
    (r) => (r.Function.Properties.Environment = { Variables: { ONLY: 1 } }),
    (plan) => ({ environment: fn(plan)?.environment }),
    { environment: { ONLY: '1' } },
  ],
  [
    'throttle of a route',
    (r) => (r.Stage.Properties.RouteSettings = { 'GET /v1/{a}': { ThrottlingRateLimit: 3, ThrottlingBurstLimit: 2 } }),
    route,
    { throttle: { ratePerSecond: 3, burst: 2 } },
  ],
  [
    'throttle of all routes',
    (r) => (r.Stage.Properties.DefaultRouteSettings = { ThrottlingRateLimit: 9, ThrottlingBurstLimit: 8 }),
    route,
    { throttle: { ratePerSecond: 9, burst: 8 } },
  ],
  ['time limit of an integration', (r) => (r.Integration.Properties.TimeoutInMillis = 500), route, { timeoutMs: 500 }],
  [
    'authorizer and scopes',
    withAuthorizer,
    route,
    { authorizer: { issuer: 'https://issuer.test/', audience: ['one', 'two'] }, scopes: ['pay'] },
  ],
  [
    'CORS',
    (r) =>
      (r.Api.Properties.CorsConfiguration = {
        AllowOrigins: ['https://a.test'],
        AllowMethods: ['PUT'],
        AllowHeaders: ['x-a'],
        ExposeHeaders: ['x-b'],
        MaxAge: 5,
      }),
    (plan) => api(plan)?.cors,
    {
      allowOrigins: ['https://a.test'],
      allowMethods: ['PUT'],
      allowHeaders: ['x-a'],
      exposeHeaders: ['x-b'],
      maxAgeSeconds: 5,
    },
  ],
  [
    'how a stream is followed and given up',
    (r) =>
      Object.assign(r.Source.Properties, {
        BatchSize: 7,
        MaximumBatchingWindowInSeconds: 2,
        MaximumRetryAttempts: 4,
        MaximumRecordAgeInSeconds: 120,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ParallelizationFactor: 3,
        StartingPosition: 'LATEST',
        DestinationConfig: { OnFailure: { Destination: 'arn:queue' } },
      }),
    source,
    {
      batchSize: 7,
      batchingWindowSeconds: 2,
      maximumRetryAttempts: 4,
      maximumRecordAgeSeconds: 120,
      bisectOnError: true,
      reportBatchItemFailures: true,
      parallelizationFactor: 3,
      startingPosition: 'LATEST',
      onFailureQueueArn: 'arn:queue',
    },
  ],
  [
    'times of a queue, and after how many receives a message is given up, and where to',
    (r) =>
      withQueue(r, {
        VisibilityTimeout: 90,
        ReceiveMessageWaitTimeSeconds: 20,
        RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
      }),
    queue,
    {
      visibilityTimeoutSeconds: 90,
      receiveWaitSeconds: 20,
      redrive: { deadLetterArn: DEAD_LETTERS_ARN, maxReceiveCount: 3 },
    },
  ],
  [
    'redrive of a queue, with another count',
    (r) => withQueue(r, { RedrivePolicy: { maxReceiveCount: 7, deadLetterTargetArn: DEAD_LETTERS_ARN } }),
    queue,
    { redrive: { deadLetterArn: DEAD_LETTERS_ARN, maxReceiveCount: 7 } },
  ],
])('%s', (_what, change, part, expected) => {
  expect(part(planOf(change))).toMatchObject(expected);
});

test('a queue without a redrive policy gives nothing up', () => {
  expect(queue(planOf((r) => withQueue(r, {})))).not.toHaveProperty('redrive');
});

test.each<[string, (resources: Template) => void, string]>([
  [
    'what a redrive policy does not have',
    (r) => withQueue(r, { RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: 'arn:dlq', other: 1 } }),
    'property RedrivePolicy.other: not known to the emulators',
  ],
  [
    'old images in the stream of an MRSC table',
    (r) => (r.Ledger.Properties.StreamSpecification.StreamViewType = 'NEW_AND_OLD_IMAGES'),
    'streams of NEW_AND_OLD_IMAGES are not emulated, only of NEW_IMAGE',
  ],
  [
    'checker Regions of a health check',
    (r) => withCheck(r, { Regions: ['us-east-1'] }),
    'property HealthCheckConfig.Regions: not known to the emulators',
  ],
])('%s cannot be run here, and says so', (_what, change, message) => {
  expect(() => planOf(change)).toThrow(message);
});
