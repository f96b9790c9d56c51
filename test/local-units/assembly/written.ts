// Owns cloud assemblies for tests: a small complete app as CDK would write it, changed as a test asks, in a directory that is removed.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how Fn::Sub is written.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// biome-ignore lint/suspicious/noExplicitAny: templates are changed freely here.
export type Template = any;

const ref = (Ref: string) => ({ Ref });
const att = (...path: string[]) => ({ 'Fn::GetAtt': path });

/** One Region with one route, its function and stream, and an MRSC table with its peer and witness. */
export const app = (): Template => ({
  Conditions: { Never: { 'Fn::Equals': [ref('AWS::Region'), 'nowhere'] } },
  Resources: {
    Ledger: {
      Type: 'AWS::DynamoDB::GlobalTable',
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'ledger',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        MultiRegionConsistency: 'STRONG',
        GlobalTableWitnesses: [{ Region: 'us-east-2' }],
        Replicas: [
          { Region: 'us-east-1', SSESpecification: { KMSMasterKeyId: att('Nowhere', 'Arn') } },
          { Region: 'us-west-2' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'lambda.amazonaws.com' } }] },
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: {
              Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetRecords', Resource: att('Stream', 'StreamArn') }],
            },
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'project',
        Code: { S3Bucket: { 'Fn::Sub': 'cdk-${AWS::AccountId}' }, S3Key: 'abc.zip' },
        Handler: 'index.handler',
        Role: att('Role', 'Arn'),
        Environment: { Variables: { TABLE: ref('Ledger'), AT: { 'Fn::Sub': '${Stream.StreamArn}!' } } },
      },
    },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: ref('Function') } },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: ref('Function'), FunctionVersion: att('Version', 'Version'), Name: 'live' },
    },
    Stream: {
      Type: 'Custom::ReplicaStream',
      Properties: { ServiceToken: att('Function', 'Arn'), TableName: ref('Ledger') },
    },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: ref('Live'),
        EventSourceArn: att('Stream', 'StreamArn'),
        StartingPosition: 'TRIM_HORIZON',
      },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'api' } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: ref('Api'),
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: ref('Live'),
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: ref('Api'),
        RouteKey: 'GET /v1/{a}',
        Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref('Live'),
        Principal: 'apigateway.amazonaws.com',
        SourceArn: {
          'Fn::Join': [
            '',
            [
              'arn:',
              ref('AWS::Partition'),
              ':execute-api:us-east-1:',
              ref('AWS::AccountId'),
              ':',
              ref('Api'),
              '/*/*/v1/*',
            ],
          ],
        },
      },
    },
    Record: {
      Type: 'AWS::Route53::RecordSet',
      Properties: {
        Name: 'billing.test.',
        Type: 'CNAME',
        TTL: '5',
        ResourceRecords: ['d-1.test'],
        Region: 'us-east-1',
      },
    },
    Absent: { Type: 'AWS::Unheard::Of', Condition: 'Never' },
  },
});

export interface Written {
  readonly dir: string;
  remove(): void;
}

/** Writes templates as stacks of one Region and jurisdiction, with one asset, `abc.zip`. */
export function written(...templates: readonly Template[]): Written {
  const dir = mkdtempSync(join(tmpdir(), 'baseload-assembly-'));
  const artifacts = Object.fromEntries(
    templates.flatMap((template, index) => {
      const name = `stack${index}`;
      writeFileSync(join(dir, `${name}.template.json`), JSON.stringify(template));
      const assets = {
        files: {
          abc: { source: { path: 'asset.abc', packaging: 'zip' }, destinations: { here: { objectKey: 'abc.zip' } } },
        },
      };
      writeFileSync(join(dir, `${name}.assets.json`), JSON.stringify(assets));
      return [
        [`${name}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } }],
        [
          name,
          {
            type: 'aws:cloudformation:stack',
            environment: 'aws://unknown-account/us-east-1',
            properties: { templateFile: `${name}.template.json`, tags: { 'baseload:jurisdiction': 'us' } },
            dependencies: [`${name}.assets`],
          },
        ],
      ];
    }),
  );
  mkdirSync(join(dir, 'asset.abc'));
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ artifacts }));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
