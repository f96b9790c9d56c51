// Owns one function of a capability: runtime, log group, role, version and the alias that everything calls.
// Leaves its rights on data to function-grants.ts and how a new version takes over to canary.ts.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  ALWAYS_CALLED,
  archiveBucketName,
  ENV,
  functionName,
  LIVE_ALIAS,
  type Slug,
  tableName,
} from '../../lambdas/shared/names.ts';
import { acknowledge } from '../acknowledge.ts';
import { gameDaysOf } from '../game-days/days.ts';
import { queueUrlBase, regionalHostname, topicArnBase } from '../names.ts';
import type { RegionScope } from '../region-scope.ts';
import {
  acknowledgeFaultObjects,
  carriesFaults,
  faultEnvironment,
  faultLayer,
  readsFaults,
} from './fault-extension.ts';
import { writeLog, writeTraces } from './grants.ts';

interface FunctionSize {
  /** CPU comes with memory: 1769 MB are one whole vCPU. */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** Every call to AWS ends after 5 s (DESIGN D2), so a request has time for one of them and its answer. */
const SIZES: Readonly<Record<Slug, FunctionSize>> = {
  payments: { memoryMb: 1024, timeoutSeconds: 10 },
  operations: { memoryMb: 1024, timeoutSeconds: 10 },
  lookup: { memoryMb: 1024, timeoutSeconds: 10 },
  tariffs: { memoryMb: 1024, timeoutSeconds: 10 },
  // A file of 4 MiB is parsed on a whole vCPU and sent in some thirty messages.
  readings: { memoryMb: 1769, timeoutSeconds: 20 },
  // Ten messages of up to 100 days, eight puts at once.
  'store-readings': { memoryMb: 1024, timeoutSeconds: 60 },
  // A checker of Route 53 gives up after 2 s; the rest is for a cold start.
  health: { memoryMb: 1024, timeoutSeconds: 5 },
  'project-facts': { memoryMb: 1024, timeoutSeconds: 60 },
  // Ten notices at once, each a call of up to 10 s.
  'send-notice': { memoryMb: 256, timeoutSeconds: 30 },
  // Ten payments at once, each a few calls to the processor of up to 10 s.
  'settle-payment': { memoryMb: 512, timeoutSeconds: 60 },
  // Waits for a replica that is being made.
  'replica-stream': { memoryMb: 256, timeoutSeconds: 600 },
  // Ten accounts one after the other, each with up to 50 meters to read.
  'issue-bills': { memoryMb: 1024, timeoutSeconds: 120 },
  // Reads the whole catalog and sends a message an account.
  'start-bill-run': { memoryMb: 1024, timeoutSeconds: 600 },
  // Stops by itself after 50 s; what is under way then takes a few more.
  'rehydrate-view': { memoryMb: 1024, timeoutSeconds: 90 },
  // Begins no part of a day after 5 min; a part of a busy hour takes four.
  reconcile: { memoryMb: 1024, timeoutSeconds: 600 },
  // Begins nothing after 45 s; of what is under way each call ends within five.
  'seal-windows': { memoryMb: 512, timeoutSeconds: 90 },
  // Three tries of three names at once, 25 s in all.
  'probe-peer': { memoryMb: 256, timeoutSeconds: 40 },
  // Asks its sources all at once, each for at most 3 s, and publishes within 5 s.
  'enrich-alarm': { memoryMb: 256, timeoutSeconds: 20 },
  // Ten seals one after the other, each of up to 2,000 facts, read sixteen at a time.
  'archive-facts': { memoryMb: 1024, timeoutSeconds: 120 },
  // Five queues at once, each a few calls that end within 5 s.
  redrive: { memoryMb: 256, timeoutSeconds: 60 },
  // Begins no account after 40 s; a large one takes some seconds.
  scrub: { memoryMb: 1024, timeoutSeconds: 90 },
  // Reads up to 20,000 streams, eight at a time; the next sweep comes after 5 min.
  sweep: { memoryMb: 1024, timeoutSeconds: 240 },
};

export const timeoutSecondsOf = (slug: Slug): number => SIZES[slug].timeoutSeconds;

export interface BillingFunctionProps {
  readonly scope: RegionScope;
  readonly slug: Slug;
  readonly grants: readonly PolicyStatement[];
}

export class BillingFunction extends Construct {
  readonly slug: Slug;
  readonly fn: LambdaFunction;
  readonly alias: Alias;
  /** The alias as what API and event sources call; the canary moves it. */
  readonly target: IFunction;

  constructor(parent: Construct, id: string, { scope, slug, grants }: BillingFunctionProps) {
    super(parent, id);
    const { config, key, codeOf } = scope;
    const name = functionName(config.jurisdiction, slug);
    const { memoryMb, timeoutSeconds } = SIZES[slug];
    // A trace of each second would be about 15 dollars a month and Region, and nobody waits.
    const isTraced = !ALWAYS_CALLED.includes(slug);
    const mayFail = carriesFaults(scope, slug);
    this.slug = slug;

    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: config.logRetentionDays,
      encryptionKey: key,
      // Holds no money data; a kept group would block the name when the stack is made again.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} may do in ${scope.region}`,
      inlinePolicies: {
        [slug]: new PolicyDocument({
          statements: [
            ...grants,
            ...(mayFail ? readsFaults(scope) : []),
            writeLog(logGroup.logGroupArn),
            ...(isTraced ? [writeTraces()] : []),
          ],
        }),
      },
    });
    if (isTraced) {
      acknowledge(
        role,
        'AwsSolutions-IAM5[Resource::*]',
        'xray:PutTraceSegments and PutTelemetryRecords take no other resource than *',
      );
    }

    if (mayFail) acknowledgeFaultObjects(role, scope);

    this.fn = new LambdaFunction(this, 'Function', {
      functionName: name,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: codeOf(slug),
      handler: 'index.handler',
      memorySize: memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      reservedConcurrentExecutions: config.reservedConcurrency[slug],
      tracing: isTraced ? Tracing.ACTIVE : Tracing.PASS_THROUGH,
      // All rights are in the role above: constructs add none behind its back.
      role: role.withoutPolicyUpdates(),
      logGroup,
      // START, END and REPORT of each call would be more than all that the handler says; of one that failed Lambda still writes.
      // It has levels only with JSON, which the handler's own lines are already; they and its metrics pass as INFO.
      ...(isTraced ? {} : { loggingFormat: LoggingFormat.JSON, systemLogLevelV2: SystemLogLevel.WARN }),
      environment: { ...environmentOf(scope), ...(mayFail ? faultEnvironment(scope) : {}) },
      ...(mayFail ? { layers: [faultLayer(this)] } : {}),
      // An older version is what a rollback goes back to; one whose own deployment was rolled back must go, or Lambda has it
      // already ("a version for this function exists") when the same commit is deployed again.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    // The library's classes and its own interfaces differ in `?:` against `| undefined`, which our compiler tells apart.
    this.alias = new Alias(this, 'Live', { aliasName: LIVE_ALIAS, version: this.fn.currentVersion as IVersion });
    this.target = this.alias as IFunction;
  }
}

const environmentOf = ({ stack, region, peer, config }: RegionScope): Record<string, string> => {
  const { jurisdiction, ledgerGeneration, regions, hostname, accountLimits, processor } = config;
  const { noticeWebhook, noticeSender, runbookBaseUrl } = config;
  const gameDays = gameDaysOf(config);
  return {
    [ENV.jurisdiction]: jurisdiction,
    [ENV.regions]: regions.join(','),
    [ENV.hostname]: hostname,
    [ENV.ownHostname]: regionalHostname(region, hostname),
    [ENV.peerHostname]: regionalHostname(peer, hostname),
    [ENV.ledgerTable]: tableName(jurisdiction, 'ledger', ledgerGeneration),
    [ENV.viewsTable]: tableName(jurisdiction, 'views'),
    [ENV.requestCountsTable]: tableName(jurisdiction, 'request-counts'),
    [ENV.paymentsPerAccount]: String(accountLimits.payments),
    [ENV.lookupsPerAccount]: String(accountLimits.lookups),
    [ENV.regionStateTable]: tableName(jurisdiction, 'region-state'),
    [ENV.sealWorkTable]: tableName(jurisdiction, 'seal-work'),
    [ENV.profilesTable]: tableName(jurisdiction, 'profiles'),
    [ENV.catalogTable]: tableName(jurisdiction, 'catalog'),
    [ENV.readingsTable]: tableName(jurisdiction, 'readings'),
    [ENV.archiveBucket]: archiveBucketName(jurisdiction, region, stack.account),
    [ENV.queueUrlBase]: queueUrlBase(stack),
    [ENV.topicArnBase]: topicArnBase(stack),
    [ENV.processor]: processor,
    ...(noticeWebhook === undefined ? {} : { [ENV.noticeWebhook]: noticeWebhook }),
    ...(noticeSender === undefined ? {} : { [ENV.noticeSender]: noticeSender }),
    ...(runbookBaseUrl === undefined ? {} : { [ENV.runbookBaseUrl]: runbookBaseUrl }),
    ...(gameDays.length === 0 ? {} : { [ENV.gameDays]: JSON.stringify(gameDays) }),
    NODE_OPTIONS: '--enable-source-maps',
  };
};
