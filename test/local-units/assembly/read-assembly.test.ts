// Owns the proof that a template means here what it says, and that what is not understood stops the start by name.
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { resolveCustomResources } from '../../../local/assembly/custom-resources.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { app, type Template, type Written, written } from './written.ts';

const all: Written[] = [];
afterEach(() => {
  for (const one of all.splice(0)) one.remove();
});

/** The plan of the app after `change`. */
function planOf(change: (template: Template) => void = () => undefined) {
  const template = app();
  change(template);
  const { dir, ...rest } = written(template);
  all.push({ dir, ...rest });
  return { dir, read: () => readAssembly(dir) };
}

const STREAM = '{{custom:stack0/Stream.StreamArn}}';

describe('the plan', () => {
  test('is concrete: names, ARNs, environment, defaults', () => {
    const { dir, read } = planOf();
    const plan = read();
    const [region] = plan.regions;
    expect([plan.jurisdiction, plan.hostname]).toEqual(['us', 'billing.test']);
    expect(region).toMatchObject({ region: 'us-east-1', account: '123456789012' });
    expect(region?.functions).toEqual([
      {
        logicalId: 'Function',
        name: 'project',
        arn: 'arn:aws:lambda:us-east-1:123456789012:function:project',
        alias: 'live',
        roleName: 'stack0-Role',
        assetDir: join(dir, 'asset.abc'),
        handler: 'index.handler',
        timeoutSeconds: 3,
        memoryMb: 128,
        environment: { TABLE: 'ledger', AT: `${STREAM}!` },
      },
    ]);
    expect(region?.httpApi.routes).toEqual([
      {
        routeKey: 'GET /v1/{a}',
        functionName: 'project',
        scopes: [],
        throttle: { ratePerSecond: 10_000, burst: 5_000 },
        timeoutMs: 30_000,
      },
    ]);
    expect(region?.streamSources).toMatchObject([
      { functionName: 'project', streamArn: STREAM, batchSize: 100, maximumRetryAttempts: -1 },
    ]);
    expect(plan.globalTables).toMatchObject([
      {
        name: 'ledger',
        consistency: 'STRONG',
        witness: 'us-east-2',
        partitionKey: 'pk',
        sortKey: 'sk',
        replicas: [{ region: 'us-east-1' }, { region: 'us-west-2' }],
      },
    ]);
    expect(plan.globalTables[0]?.replicas[1]?.arn).toBe('arn:aws:dynamodb:us-west-2:123456789012:table/ledger');
  });

  test('gives a role a credential of its own that stays the same', () => {
    const [first, second] = [planOf().read(), planOf().read()].map((plan) => plan.regions[0]?.roles[0]);
    expect(first?.accessKeyId).toMatch(/^LKIA[0-9A-F]{16}$/);
    expect(second?.accessKeyId).toBe(first?.accessKeyId);
    expect(first?.statements).toEqual([{ Effect: 'Allow', Action: ['dynamodb:GetRecords'], Resource: [STREAM] }]);
  });

  test('adds the policies that are attached to a role', () => {
    const { read } = planOf(({ Resources }) => {
      const PolicyDocument = { Statement: { Effect: 'Deny', Action: ['s3:*'], Resource: ['*'] } };
      Resources.More = {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'more', PolicyDocument, Roles: [{ Ref: 'Role' }] },
      };
      Resources.Role.Properties.ManagedPolicyArns = [
        'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      ];
    });
    expect(read().regions[0]?.roles[0]?.statements.map(({ Action }) => Action)).toEqual([
      ['dynamodb:GetRecords'],
      ['s3:*'],
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    ]);
  });

  test('takes a value that another stack of the Region exports', () => {
    const template = app();
    template.Resources.Function.Properties.Environment.Variables.KEY = { 'Fn::ImportValue': 'the-key' };
    const keys = {
      Resources: { Key: { Type: 'AWS::KMS::Key' } },
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['Key', 'KeyId'] }, Export: { Name: 'the-key' } } },
    };
    const one = written(template, keys);
    all.push(one);
    expect(readAssembly(one.dir).regions[0]?.functions[0]?.environment.KEY).toMatch(/^[0-9a-z]{36}$/);
  });

  test('says when the function does not let the route call it', () => {
    const { read } = planOf(({ Resources }) => {
      Resources.Permission.Properties.SourceArn = 'arn:aws:execute-api:us-east-1:123456789012:other/*';
    });
    expect(read().regions[0]?.httpApi.routes[0]?.refusedByFunction).toBe(true);
  });
});

describe('custom resources', () => {
  test('are part of the plan, and their answers replace the markers everywhere', () => {
    const region = planOf().read().regions[0]!;
    expect(region.customResources).toMatchObject([
      {
        id: 'stack0/Stream',
        type: 'Custom::ReplicaStream',
        functionName: 'project',
        properties: { TableName: 'ledger' },
      },
    ]);
    const resolved = resolveCustomResources(region, new Map([['stack0/Stream', { StreamArn: 'arn:stream' }]]));
    expect(resolved.streamSources[0]?.streamArn).toBe('arn:stream');
    expect(resolved.functions[0]?.environment.AT).toBe('arn:stream!');
    expect(resolved.roles[0]?.statements[0]?.Resource).toEqual(['arn:stream']);
  });

  test('an attribute that was not answered is named', () => {
    const region = planOf().read().regions[0]!;
    expect(() => resolveCustomResources(region, new Map([['stack0/Stream', {}]]))).toThrow(
      'custom resource stack0/Stream gave no attribute StreamArn',
    );
  });
});

describe('what stops the start', () => {
  test.each<[string, (resources: Template) => void, string]>([
    [
      'a property nobody knows',
      (r) => {
        r.Function.Properties.SnapStart = { ApplyOn: 'None' };
      },
      'stack stack0, resource Function (AWS::Lambda::Function), property SnapStart: not known to the emulators: read it in local/assembly, or put it on the list in ignored.ts with the reason',
    ],
    [
      'one inside a list',
      (r) => {
        r.Ledger.Properties.Replicas[1].GlobalSecondaryIndexes = [{ IndexName: 'x' }];
      },
      'stack stack0, resource Ledger (AWS::DynamoDB::GlobalTable), property Replicas.GlobalSecondaryIndexes: not known to the emulators',
    ],
    [
      'a type nobody knows',
      (r) => {
        r.Cache = { Type: 'AWS::ElastiCache::CacheCluster' };
      },
      'stack stack0, resource Cache (AWS::ElastiCache::CacheCluster): this type is not known to the emulators',
    ],
    [
      'mail that may travel in the clear',
      (r) => {
        const Properties = { Name: 'notices', DeliveryOptions: { TlsPolicy: 'OPTIONAL' } };
        r.Set = { Type: 'AWS::SES::ConfigurationSet', Properties };
      },
      'property DeliveryOptions.TlsPolicy is OPTIONAL, and only REQUIRE is emulated',
    ],
    [
      'a part of SES nobody knows',
      (r) => {
        r.Sender = { Type: 'AWS::SES::EmailIdentity', Properties: { EmailIdentity: 'a.test', FeedbackAttributes: {} } };
      },
      'resource Sender (AWS::SES::EmailIdentity), property FeedbackAttributes: not known to the emulators',
    ],
    [
      'TTL on an MRSC table',
      (r) => {
        r.Ledger.Properties.TimeToLiveSpecification = { Enabled: true, AttributeName: 'expiresAt' };
      },
      'resource Ledger (AWS::DynamoDB::GlobalTable): an MRSC table takes no TTL (attribute expiresAt): DynamoDB refuses it',
    ],
    [
      'a local index on an MRSC table',
      (r) => {
        r.Ledger.Properties.LocalSecondaryIndexes = [
          { IndexName: 'by-time', KeySchema: r.Ledger.Properties.KeySchema, Projection: { ProjectionType: 'ALL' } },
        ];
      },
      'an MRSC table takes no local secondary index (by-time): DynamoDB refuses it',
    ],
    [
      'an integration of another kind',
      (r) => {
        r.Integration.Properties.IntegrationType = 'HTTP_PROXY';
      },
      'property IntegrationType is HTTP_PROXY, and only AWS_PROXY is emulated',
    ],
    [
      'an intrinsic nobody knows',
      (r) => {
        r.Function.Properties.Handler = { 'Fn::Transform': {} };
      },
      'property Handler: Fn::Transform is not known here',
    ],
    [
      'a reference to nothing',
      (r) => {
        r.Function.Properties.Handler = { Ref: 'Gone' };
      },
      'property Handler: Ref Gone is neither a resource nor a parameter with a default',
    ],
    [
      'an attribute nobody knows',
      (r) => {
        r.Function.Properties.Handler = { 'Fn::GetAtt': ['Ledger', 'StreamArn'] };
      },
      'Fn::GetAtt Ledger.StreamArn: AWS::DynamoDB::GlobalTable has no such attribute here',
    ],
    [
      'an import nobody exports',
      (r) => {
        r.Function.Properties.Handler = { 'Fn::ImportValue': 'gone' };
      },
      'Fn::ImportValue gone: no stack in us-east-1 exports it',
    ],
    [
      'a managed policy nobody knows',
      (r) => {
        r.Role.Properties.ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
      },
      'what arn:aws:iam::aws:policy/AdministratorAccess allows is not known here',
    ],
    [
      'an asset that is not there',
      (r) => {
        r.Function.Properties.Code.S3Key = 'gone.zip';
      },
      'resource Function (AWS::Lambda::Function): asset gone.zip is not in the assembly',
    ],
  ])('%s', (_what, change, message) => {
    expect(planOf(({ Resources }) => change(Resources)).read).toThrow(message);
  });

  test('a directory without an assembly, and a jurisdiction that is not in it', () => {
    expect(() => readAssembly('/nowhere')).toThrow(
      '/nowhere/manifest.json is missing: synthesize the app first (npx cdk synth)',
    );
    const { dir } = planOf();
    expect(() => readAssembly(dir, 'eu')).toThrow(`${dir} has no stack of jurisdiction eu, only of us`);
  });
});
