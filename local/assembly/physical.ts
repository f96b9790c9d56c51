// Owns the ids, names and ARNs that resources have here: the ones AWS would give where a name is set, stable ones where not.
// Leaves to the section files what a resource does.
import { createHash } from 'node:crypto';
import type { TemplateResource } from './cloud-assembly.ts';
import { customAttribute } from './custom-resources.ts';
import type { ResourceIdentity, Scope } from './intrinsics.ts';

interface Described {
  readonly scope: Scope;
  readonly logicalId: string;
  readonly resource: TemplateResource;
}

interface Identity {
  readonly ref: (of: Described) => string;
  readonly attributes?: Readonly<Record<string, (of: Described) => string>>;
}

/** The text of a property, or `otherwise` when it is not set. */
function property({ scope, resource }: Described, name: string, otherwise: string): string {
  const value = resource.Properties?.[name];
  return value === undefined ? otherwise : scope.text(value);
}

/** CloudFormation's habit where no name is set: stack, logical id, and something that stays the same. */
const generatedName = (of: Described): string => `${of.scope.stack.name}-${of.logicalId}`;

function shortId({ scope, logicalId }: Described, length = 10): string {
  const digest = createHash('sha256').update(`${scope.stack.region}/${scope.stack.name}/${logicalId}`).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, length);
}

function arn({ scope }: Described, service: string, resource: string, region = scope.stack.region): string {
  return `arn:aws:${service}:${region}:${scope.stack.account}:${resource}`;
}

const named = (name: string) => (of: Described) => property(of, name, generatedName(of));
const byId: Identity = { ref: (of) => shortId(of) };

const functionArn = (of: Described) => arn(of, 'lambda', `function:${named('FunctionName')(of)}`);
const queueName = named('QueueName');
const topicArn = (of: Described) => arn(of, 'sns', named('TopicName')(of));
const keyId = (of: Described) => shortId(of, 36);
const logGroup = named('LogGroupName');
const table: Identity = {
  ref: named('TableName'),
  attributes: { Arn: (of) => arn(of, 'dynamodb', `table/${named('TableName')(of)}`) },
};

const IDENTITIES: Readonly<Record<string, Identity>> = {
  'AWS::ApiGatewayV2::Api': {
    ref: (of) => shortId(of),
    attributes: {
      ApiId: (of) => shortId(of),
      ApiEndpoint: (of) => `https://${shortId(of)}.execute-api.${of.scope.stack.region}.amazonaws.com`,
    },
  },
  'AWS::ApiGatewayV2::Authorizer': byId,
  'AWS::ApiGatewayV2::DomainName': {
    ref: (of) => property(of, 'DomainName', generatedName(of)),
    attributes: {
      RegionalDomainName: (of) => `d-${shortId(of)}.execute-api.${of.scope.stack.region}.amazonaws.com`,
      RegionalHostedZoneId: (of) => `Z${shortId(of).toUpperCase()}`,
    },
  },
  'AWS::ApiGatewayV2::Integration': byId,
  'AWS::ApiGatewayV2::Route': byId,
  'AWS::ApiGatewayV2::Stage': { ref: (of) => property(of, 'StageName', '$default') },
  'AWS::CertificateManager::Certificate': { ref: (of) => arn(of, 'acm', `certificate/${shortId(of, 36)}`) },
  'AWS::CloudWatch::Alarm': {
    ref: named('AlarmName'),
    attributes: { Arn: (of) => arn(of, 'cloudwatch', `alarm:${named('AlarmName')(of)}`) },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    ref: named('AlarmName'),
    attributes: { Arn: (of) => arn(of, 'cloudwatch', `alarm:${named('AlarmName')(of)}`) },
  },
  'AWS::CodeDeploy::Application': { ref: named('ApplicationName') },
  'AWS::CodeDeploy::DeploymentConfig': { ref: named('DeploymentConfigName') },
  'AWS::CodeDeploy::DeploymentGroup': { ref: named('DeploymentGroupName') },
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': { ref: named('Name') },
  'AWS::FIS::ExperimentTemplate': { ref: (of) => shortId(of), attributes: { Id: (of) => shortId(of) } },
  'AWS::IAM::ManagedPolicy': { ref: (of) => arn(of, 'iam', `policy/${named('ManagedPolicyName')(of)}`, '') },
  'AWS::IAM::Role': {
    ref: named('RoleName'),
    attributes: { Arn: (of) => arn(of, 'iam', `role/${named('RoleName')(of)}`, '') },
  },
  'AWS::KMS::Alias': { ref: (of) => property(of, 'AliasName', generatedName(of)) },
  'AWS::KMS::Key': { ref: keyId, attributes: { Arn: (of) => arn(of, 'kms', `key/${keyId(of)}`), KeyId: keyId } },
  'AWS::Lambda::Alias': { ref: (of) => `${property(of, 'FunctionName', '')}:${property(of, 'Name', '')}` },
  'AWS::Lambda::Function': { ref: named('FunctionName'), attributes: { Arn: functionArn } },
  'AWS::Lambda::Version': { ref: (of) => `${property(of, 'FunctionName', '')}:1`, attributes: { Version: () => '1' } },
  'AWS::Logs::LogGroup': { ref: logGroup, attributes: { Arn: (of) => arn(of, 'logs', `log-group:${logGroup(of)}:*`) } },
  'AWS::Route53::HealthCheck': { ref: (of) => shortId(of, 36), attributes: { HealthCheckId: (of) => shortId(of, 36) } },
  'AWS::Route53::HostedZone': {
    ref: (of) => `Z${shortId(of).toUpperCase()}`,
    attributes: { Id: (of) => `Z${shortId(of).toUpperCase()}` },
  },
  'AWS::Scheduler::Schedule': { ref: named('Name') },
  'AWS::S3::Bucket': {
    ref: named('BucketName'),
    attributes: { Arn: (of) => `arn:aws:s3:::${named('BucketName')(of)}` },
  },
  'AWS::SES::ConfigurationSet': { ref: named('Name') },
  'AWS::SES::EmailIdentity': { ref: (of) => property(of, 'EmailIdentity', generatedName(of)) },
  'AWS::SNS::Topic': { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: named('TopicName') } },
  'AWS::SQS::Queue': {
    ref: (of) => `https://sqs.${of.scope.stack.region}.amazonaws.com/${of.scope.stack.account}/${queueName(of)}`,
    attributes: { Arn: (of) => arn(of, 'sqs', queueName(of)), QueueName: queueName },
  },
};

export const physicalIdentity: ResourceIdentity = {
  refOf: (scope, logicalId, resource) => {
    const identity = IDENTITIES[resource.Type];
    if (identity === undefined)
      throw new Error(`Ref ${logicalId}: ${resource.Type} has no id here: add it to physical.ts`);
    return identity.ref({ scope, logicalId, resource });
  },
  attributeOf: (scope, logicalId, resource, attribute) => {
    if (resource.Type.startsWith('Custom::')) return customAttribute(scope.stack.name, logicalId, attribute);
    const found = IDENTITIES[resource.Type]?.attributes?.[attribute];
    if (found === undefined) {
      throw new Error(
        `Fn::GetAtt ${logicalId}.${attribute}: ${resource.Type} has no such attribute here: add it to physical.ts`,
      );
    }
    return found({ scope, logicalId, resource });
  },
};
