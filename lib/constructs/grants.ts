// Owns the statements that roles are made of: one service each, actions by name, exact resources.
// Leaves to function-grants.ts which function gets which.
import { ArnFormat } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { mailConfigurationSetName, noticeSecretName, processorSecretName } from '../../lambdas/shared/names.ts';
import { senderDomain } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';

type ItemAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'GetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'Query'
  | 'Scan'
  | 'DescribeTable';

/** Items of one table (or of one of its indexes, when the ARN is an index's). */
export const onTable = (sid: string, arn: string, ...actions: readonly ItemAction[]): PolicyStatement =>
  new PolicyStatement({ sid, actions: actions.map((action) => `dynamodb:${action}`), resources: [arn] });

/** Items whose partition key starts with `prefix`, and no others of the table. */
export const onKeysBelow = (
  sid: string,
  arn: string,
  prefix: string,
  ...actions: readonly ItemAction[]
): PolicyStatement =>
  new PolicyStatement({
    sid,
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [arn],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } },
  });

/** What the event source does in the function's name; Lambda asks for all four when the mapping is made. */
export const readStream = (streamArn: string): PolicyStatement =>
  new PolicyStatement({
    sid: 'ReadOwnReplicaStream',
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    resources: [streamArn],
  });

export const sendTo = (queueArn: string): PolicyStatement =>
  new PolicyStatement({ sid: 'SendWhatCannotBeApplied', actions: ['sqs:SendMessage'], resources: [queueArn] });

/** Hands work on: to exactly these queues of the Region. */
export const sendWork = (queueArns: readonly string[]): PolicyStatement =>
  new PolicyStatement({ sid: 'SendWork', actions: ['sqs:SendMessage'], resources: [...queueArns] });

/** What the event source does in the function's name. */
export const takeWork = (queueArn: string): PolicyStatement =>
  new PolicyStatement({
    sid: 'TakeWork',
    actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    resources: [queueArn],
  });

const SERVICE_NAMES = { dynamodb: 'DynamoDb', sqs: 'Sqs', sns: 'Sns', s3: 'S3' } as const;

/** The Region's own key, through one service only: the role cannot decrypt what it got hold of elsewhere. */
export const useKey = (
  { key, region }: RegionScope,
  service: keyof typeof SERVICE_NAMES,
  access: 'read' | 'write',
): PolicyStatement =>
  new PolicyStatement({
    sid: `${access === 'read' ? 'Decrypt' : 'Encrypt'}Through${SERVICE_NAMES[service]}`,
    actions:
      access === 'read'
        ? ['kms:Decrypt', 'kms:DescribeKey']
        : ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
  });

export const writeLog = (logGroupArn: string): PolicyStatement =>
  new PolicyStatement({
    sid: 'WriteOwnLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });

/** X-Ray has no resources to name in a policy: `*` is the only resource that its two write actions take. */
export const writeTraces = (): PolicyStatement =>
  new PolicyStatement({
    sid: 'WriteTraces',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  });

/** Exactly this secret of the Region, whose ARN ends in six characters of Secrets Manager's choice. */
const readSecret = (sid: string, { stack }: RegionScope, name: string): PolicyStatement =>
  new PolicyStatement({
    sid,
    actions: ['secretsmanager:GetSecretValue'],
    resources: [
      stack.formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${name}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
  });

/** The processor's key, where the processor has one. */
export const readProcessorKey = (scope: RegionScope): readonly PolicyStatement[] => {
  const { jurisdiction, processor } = scope.config;
  if (processor === 'local') return [];
  return [readSecret('ReadProcessorKey', scope, processorSecretName(jurisdiction, processor))];
};

/** What notices are signed with, where somebody takes them. */
export const readNoticeKey = (scope: RegionScope): readonly PolicyStatement[] => {
  const { jurisdiction, noticeWebhook } = scope.config;
  return noticeWebhook === undefined ? [] : [readSecret('ReadNoticeKey', scope, noticeSecretName(jurisdiction))];
};

/** Notices by mail, where they have a sender: from that address alone. SES asks for the right on the configuration set as well. */
export const sendMail = ({
  stack,
  config: { jurisdiction, noticeSender },
}: RegionScope): readonly PolicyStatement[] => {
  if (noticeSender === undefined) return [];
  const ses = (resource: string, resourceName: string): string =>
    stack.formatArn({ service: 'ses', resource, resourceName });
  return [
    new PolicyStatement({
      sid: 'SendMail',
      actions: ['ses:SendEmail'],
      resources: [
        ses('identity', senderDomain(noticeSender)),
        ses('configuration-set', mailConfigurationSetName(jurisdiction)),
      ],
      conditions: { StringEquals: { 'ses:FromAddress': noticeSender } },
    }),
  ];
};
