// Owns the list of what may be in a template without meaning anything here, each with the reason.
// What is neither on it nor read by a section file is an error: nothing is dropped in silence.

/** Whole resources, by type. */
export const IGNORED_TYPES: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupPlan': 'there are no backups here: a run’s own copies are the ledger, the views and the archive',
  'AWS::Backup::BackupSelection': 'there are no backups here',
  'AWS::Backup::BackupVault': 'there are no backups here',
  'AWS::CDK::Metadata': 'tells AWS which library made the template',
  'AWS::CloudWatch::Dashboard': 'nobody looks at a console here: the terminal and /state show the alarms',
  'AWS::FIS::ExperimentTemplate': 'no experiment of FIS runs here: the control API injects the same faults',
  'AWS::KMS::Alias':
    'data here is not encrypted at rest, and the key policy lets the account use the key through DynamoDB',
  'AWS::KMS::Key':
    'data here is not encrypted at rest, and the key policy lets the account use the key through DynamoDB',
  'AWS::Lambda::Version': 'a run begins with one version of each function: the asset of the assembly',
  'AWS::Logs::LogGroup': 'logs are files of the data directory, kept as long as it is',
  'AWS::Logs::ResourcePolicy': 'it lets AWS services write logs that do not run here',
  'AWS::S3::BucketPolicy':
    'it only refuses: callers without TLS, and lifting a lock, which nothing here can; the callers’ own policies are evaluated',
  'AWS::SNS::Subscription': 'nobody is written to from here',
  'AWS::SNS::TopicPolicy':
    'it lets alarms of the account publish and refuses callers without TLS; the senders’ own policies are evaluated',
  'AWS::SQS::QueuePolicy': 'it only refuses callers without TLS; the senders’ own policies are evaluated',
};

const CATALOGUE = 'only shown in the console';
const NOT_ENCRYPTED = 'data here is not encrypted at rest';

/** Properties by type and path (list positions left out); a path covers everything below it. */
const IGNORED_PROPERTIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::ApiGatewayV2::Api': {
    Description: CATALOGUE,
    DisableExecuteApiEndpoint: 'the edge has no execute-api hostname to close: it is reached by its loopback port',
    Name: CATALOGUE,
    Tags: CATALOGUE,
  },
  'AWS::ApiGatewayV2::Authorizer': { Name: CATALOGUE },
  'AWS::ApiGatewayV2::DomainName': {
    DomainNameConfigurations: 'endpoints here are loopback HTTP, without TLS',
    Tags: CATALOGUE,
  },
  'AWS::ApiGatewayV2::Stage': {
    'AccessLogSettings.DestinationArn': 'the access log is a file of the data directory',
    AutoDeploy: 'the API is served as the template has it',
    Tags: CATALOGUE,
  },
  'AWS::CertificateManager::Certificate': {
    DomainValidationOptions: 'a certificate here is a date of expiry: nobody asks whose the domain is',
    Tags: CATALOGUE,
  },
  'AWS::CloudWatch::Alarm': {
    'Metrics.Label': CATALOGUE,
    Tags: CATALOGUE,
  },
  'AWS::CloudWatch::CompositeAlarm': { Tags: CATALOGUE },
  'AWS::CodeDeploy::Application': { Tags: CATALOGUE },
  'AWS::CodeDeploy::DeploymentGroup': {
    DeploymentStyle: 'of Lambda there is only blue and green with traffic control',
    Tags: CATALOGUE,
  },
  'AWS::DynamoDB::GlobalTable': {
    BillingMode: 'nothing is billed, and throughput is this machine’s',
    'Replicas.ContributorInsightsSpecification': 'nothing watches access patterns here',
    'Replicas.DeletionProtectionEnabled': 'no operation here deletes a table',
    'Replicas.PointInTimeRecoverySpecification': 'there are no backups here',
    'Replicas.SSESpecification': NOT_ENCRYPTED,
    'Replicas.Tags': CATALOGUE,
    SSESpecification: NOT_ENCRYPTED,
  },
  'AWS::Events::Rule': {
    Description: CATALOGUE,
    Tags: CATALOGUE,
    Targets: 'they are log groups: what ended a deployment stands in the log of the Region’s process',
  },
  'AWS::IAM::Role': { Description: CATALOGUE, Tags: CATALOGUE },
  'AWS::Lambda::Function': {
    Architectures: 'the asset is JavaScript and runs on this machine’s own processor',
    'Code.S3Bucket': 'the asset is read from the assembly, by its key',
    Description: CATALOGUE,
    Layers: 'the one layer there is belongs to FIS, which does not run here',
    LoggingConfig: 'logs are files of the data directory',
    Runtime: 'the asset is compiled for Node 20 and runs in the Node that runs this',
    Tags: CATALOGUE,
    TracingConfig: 'there is no X-Ray here',
  },
  'AWS::Lambda::Alias': {
    Description: CATALOGUE,
    FunctionVersion: 'a run begins with one version of each function: the asset of the assembly',
  },
  'AWS::Lambda::EventSourceMapping': { Tags: CATALOGUE },
  'AWS::Route53::HealthCheck': {
    'HealthCheckConfig.EnableSNI': 'endpoints here are loopback HTTP, without TLS',
    'HealthCheckConfig.MeasureLatency': 'checkers here measure nothing but the answer',
    'HealthCheckConfig.Port': 'a hostname stands for the port of its Region’s edge',
    HealthCheckTags: CATALOGUE,
  },
  'AWS::Route53::RecordSet': {
    HostedZoneId: 'there is one zone here',
    SetIdentifier: 'only tells apart the records of one name',
  },
  'AWS::S3::Bucket': {
    BucketEncryption: NOT_ENCRYPTED,
    LifecycleConfiguration: 'a data directory is younger than any move or expiry',
    LoggingConfiguration: 'requests here are made by this machine alone',
    OwnershipControls: 'everything here belongs to one account',
    PublicAccessBlockConfiguration: 'the endpoint answers nobody without an access key of the Region',
    Tags: CATALOGUE,
  },
  'AWS::Scheduler::Schedule': {
    Description: CATALOGUE,
    'Target.RetryPolicy.MaximumEventAgeInSeconds': 'retries here end sooner than the age',
  },
  'AWS::SNS::Topic': { DisplayName: CATALOGUE, KmsMasterKeyId: NOT_ENCRYPTED, Tags: CATALOGUE },
  'AWS::SQS::Queue': {
    KmsMasterKeyId: NOT_ENCRYPTED,
    MessageRetentionPeriod: 'a data directory is younger than the retention',
    RedriveAllowPolicy: 'a DLQ here is named by the one queue that the policy allows',
    Tags: CATALOGUE,
  },
};

/** The reason why a property means nothing here, or undefined when it is not on the list. */
export function ignoredProperty(type: string, path: string): string | undefined {
  const paths = IGNORED_PROPERTIES[type] ?? {};
  const above = Object.keys(paths).find((listed) => path === listed || path.startsWith(`${listed}.`));
  return above === undefined ? undefined : paths[above];
}

/** What CloudFormation itself does with a resource, and no emulator needs: it manages updates and deletions. */
export const IGNORED_ATTRIBUTES = ['DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy', 'UpdatePolicy'];
