// Owns what the synthesized templates mean here: concrete values, every intrinsic resolved, nothing guessed.
// Leaves to read-assembly.ts how it is read from the cloud assembly, and to the emulators how it is run.
import type { AlarmPlan } from '../cloudwatch/alarm-plan.ts';

/** One IAM statement as the template has it, with intrinsics resolved and Action/Resource always lists. */
export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface RolePlan {
  readonly name: string;
  readonly arn: string;
  /** The local credential that stands for the role: what a request signed with it is allowed to do. */
  readonly accessKeyId: string;
  readonly statements: readonly PolicyStatement[];
}

export interface FunctionPlan {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly roleName: string;
  /** Directory of the bundled asset in the cloud assembly, and `file.export` in it. */
  readonly assetDir: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly reservedConcurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The alias that callers go through. */
  readonly alias?: string;
}

export interface AuthorizerPlan {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface RoutePlan {
  /** `METHOD /path/{parameter}`. */
  readonly routeKey: string;
  readonly functionName: string;
  readonly authorizer?: AuthorizerPlan;
  readonly scopes: readonly string[];
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Integration timeout, milliseconds. */
  readonly timeoutMs: number;
  /** The function's own policy does not let this route call it: every request is 500, as on AWS. */
  readonly refusedByFunction?: true;
}

export interface CorsPlan {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

export interface HttpApiPlan {
  readonly apiId: string;
  readonly routes: readonly RoutePlan[];
  readonly cors?: CorsPlan;
  /** With `$context.…` variables; absent when the stage keeps no access log. */
  readonly accessLogFormat?: string;
  /** Custom domain names mapped to this API, each with the regional target (`d-….execute-api…`) its records point at. */
  readonly domains: readonly { readonly name: string; readonly regionalTarget: string }[];
}

export interface StreamSourcePlan {
  readonly functionName: string;
  readonly streamArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly bisectOnError: boolean;
  readonly reportBatchItemFailures: boolean;
  readonly parallelizationFactor: number;
  readonly onFailureQueueArn?: string;
}

export interface QueuePlan {
  readonly name: string;
  readonly arn: string;
  readonly slug: string;
  readonly visibilityTimeoutSeconds: number;
  /** For messages that say nothing of their own. */
  readonly delaySeconds: number;
  /** Long polling of receivers that say nothing of their own. */
  readonly receiveWaitSeconds: number;
  /** Where a message goes that was received so often without success. */
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

export interface QueueSourcePlan {
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  /** Invocations at once; absent: only the function's own concurrency is a bound. */
  readonly maximumConcurrency?: number;
}

export interface SchedulePlan {
  readonly name: string;
  /** `rate(…)` or `cron(…)`, UTC. */
  readonly expression: string;
  readonly functionName: string;
  /** ARN of the function or alias, as the target has it. */
  readonly targetArn: string;
  readonly roleArn: string;
  /** The JSON text that the function gets. */
  readonly input: string;
  readonly maximumRetryAttempts: number;
}

/** What SES of a Region knows of its account. */
export interface MailPlan {
  /** Domains, taken for verified. */
  readonly identities: readonly string[];
  readonly configurationSets: readonly string[];
}

export interface BucketPlan {
  readonly name: string;
  readonly arn: string;
  readonly versioned: boolean;
  /** Of Object Lock: what every new version is held by. */
  readonly lock?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number };
}

export interface TablePlan {
  readonly name: string;
  readonly arn: string;
  readonly attributes: readonly { readonly name: string; readonly type: 'S' | 'N' | 'B' }[];
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly localIndexes: readonly { readonly name: string; readonly sortKey: string }[];
  readonly ttlAttribute?: string;
}

export interface GlobalTablePlan extends TablePlan {
  readonly consistency: 'STRONG' | 'EVENTUAL';
  readonly replicas: readonly { readonly region: string; readonly arn: string; readonly streamArn?: string }[];
  readonly witness?: string;
}

/**
 * A resource that a function makes at deployment. Until it has run, `{{custom:<id>.<attribute>}}` stands in the plan
 * wherever the template uses one of its attributes; see custom-resources.ts.
 */
export interface CustomResourcePlan {
  readonly id: string;
  readonly type: string;
  readonly logicalId: string;
  readonly stackName: string;
  readonly functionName: string;
  /** Its `ServiceToken` included, as its function gets them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A function that alarms and events call without waiting for its answer. */
export interface AsyncCallsPlan {
  readonly functionName: string;
  readonly qualifier: string;
  /** Tries after the first. */
  readonly retries: number;
  readonly maxAgeSeconds: number;
  /** Told of what did not succeed. */
  readonly onFailureArn?: string;
}

export interface PagingPlan {
  /** ARNs of SNS. */
  readonly topics: readonly string[];
  /** ARNs that CloudWatch may call. */
  readonly callableByAlarms: readonly string[];
  readonly asyncCalls: readonly AsyncCallsPlan[];
}

/** What CodeDeploy may do with the alias of a function, and what stops it. */
export interface DeploymentGroupPlan {
  readonly applicationName: string;
  readonly name: string;
  readonly functionName: string;
  readonly canary: { readonly percent: number; readonly minutes: number };
  /** Names of the alarms that stop a deployment; none: nothing is watched. */
  readonly alarms: readonly string[];
  readonly roleName: string;
}

/** A rule of EventBridge. */
export interface EventRulePlan {
  readonly name: string;
  readonly pattern: EventPattern;
}

/** Lists of the values that an event may have, at the place where it has them. */
export interface EventPattern {
  readonly [field: string]: readonly string[] | EventPattern;
}

export interface RegionPlan {
  readonly region: string;
  readonly account: string;
  readonly functions: readonly FunctionPlan[];
  readonly roles: readonly RolePlan[];
  readonly httpApi: HttpApiPlan;
  readonly streamSources: readonly StreamSourcePlan[];
  readonly queueSources: readonly QueueSourcePlan[];
  readonly queues: readonly QueuePlan[];
  readonly schedules: readonly SchedulePlan[];
  readonly mail: MailPlan;
  readonly paging: PagingPlan;
  readonly buckets: readonly BucketPlan[];
  /** ARNs. */
  readonly certificates: readonly string[];
  readonly eventRules: readonly EventRulePlan[];
  readonly deploymentGroups: readonly DeploymentGroupPlan[];
  /** Tables of this Region alone. */
  readonly tables: readonly TablePlan[];
  readonly customResources: readonly CustomResourcePlan[];
}

export type HealthCheckPlan =
  | {
      readonly kind: 'endpoint';
      readonly id: string;
      readonly hostname: string;
      readonly path: string;
      readonly requestIntervalSeconds: 10 | 30;
      readonly failureThreshold: number;
      readonly inverted: boolean;
    }
  | {
      readonly kind: 'calculated';
      readonly id: string;
      readonly children: readonly string[];
      /** Healthy while at least this many children are. */
      readonly healthThreshold: number;
      readonly inverted: boolean;
    };

/** A record of the hosted zone; `latencyRegion` makes it one of a set with the same name. */
export interface RecordPlan {
  readonly name: string;
  readonly type: 'CNAME';
  readonly ttlSeconds: number;
  readonly target: string;
  readonly latencyRegion?: string;
  readonly healthCheckId?: string;
}

/** Everything that one jurisdiction's templates declare, as this machine runs it. */
export interface AppPlan {
  readonly jurisdiction: string;
  /** Where it was read from. */
  readonly assemblyDir: string;
  readonly hostname: string;
  readonly regions: readonly RegionPlan[];
  readonly globalTables: readonly GlobalTablePlan[];
  readonly healthChecks: readonly HealthCheckPlan[];
  readonly records: readonly RecordPlan[];
  readonly alarms: readonly AlarmPlan[];
}
