// Owns the customer-managed key of one Region, under an alias that every other stack can name without a reference.
// Leaves to the stacks that use it which of their data it encrypts, and to each function's role what it may decrypt.
import { Aws, CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Jurisdiction } from '../config.ts';
import { keyAlias, keyArnExport } from '../names.ts';

export interface KeysStackProps extends StackProps {
  readonly jurisdiction: Jurisdiction;
}

/** What an administrator of the account may do with the key, each action by name: a policy with `kms:*` is never reviewed again. */
const ADMINISTRATION = [
  'CancelKeyDeletion',
  'CreateAlias',
  'CreateGrant',
  'Decrypt',
  'DeleteAlias',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'PutKeyPolicy',
  'ReEncryptFrom',
  'ReEncryptTo',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
].map((action) => `kms:${action}`);

/** What a service of AWS does with the key for what it keeps. */
const USE = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
  (action) => `kms:${action}`,
);

/** In a key's policy `*` means this key and no other. */
const THIS_KEY = ['*'];

export class KeysStack extends Stack {
  constructor(scope: Construct, id: string, { jurisdiction, ...props }: KeysStackProps) {
    super(scope, id, props);
    const key = new Key(this, 'Key', {
      alias: keyAlias(jurisdiction).replace('alias/', ''),
      description: `Baseload ${jurisdiction}: everything at rest in ${this.region}`,
      enableKeyRotation: true,
      // Without the key every backup is noise.
      removalPolicy: RemovalPolicy.RETAIN,
      policy: keyPolicy(this, jurisdiction),
    });
    new CfnOutput(this, 'KeyArn', {
      value: key.keyArn,
      exportName: keyArnExport(jurisdiction),
      description: 'The key of this Region, for stacks of this Region',
    });
  }
}

const keyPolicy = (stack: Stack, jurisdiction: Jurisdiction): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'AccountDecidesByIam',
        principals: [new AccountRootPrincipal()],
        actions: ADMINISTRATION,
        resources: THIS_KEY,
      }),
      // Replication acts in a service-linked role, which no policy of ours can name before it exists.
      new PolicyStatement({
        sid: 'DynamoDbForThisAccount',
        principals: [new AnyPrincipal()],
        actions: ['kms:CreateGrant', ...USE],
        resources: THIS_KEY,
        conditions: {
          StringEquals: {
            'kms:CallerAccount': Aws.ACCOUNT_ID,
            'kms:ViaService': `dynamodb.${stack.region}.amazonaws.com`,
          },
        },
      }),
      new PolicyStatement({
        sid: 'DynamoDbLooksAtTheKey',
        principals: [new ServicePrincipal('dynamodb.amazonaws.com')],
        actions: ['kms:DescribeKey'],
        resources: THIS_KEY,
      }),
      new PolicyStatement({
        sid: 'LogGroupsOfBaseload',
        principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: USE,
        resources: THIS_KEY,
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': ['aws/lambda', 'aws/vendedlogs'].map((prefix) =>
              stack.formatArn({ service: 'logs', resource: `log-group:/${prefix}/baseload-${jurisdiction}-*` }),
            ),
          },
        },
      }),
      // AWS documents no condition here, and an alarm that cannot be told is worse: the topics' own policy names the account.
      new PolicyStatement({
        sid: 'AlarmsToTopics',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: THIS_KEY,
      }),
    ],
  });
