// Owns which metrics exist here: those of the handlers, and of AWS's own those that an alarm may look at.
// Leaves to region-metrics.ts that they are measured. An alarm on any other metric would wait for data that never comes.
import { LIVE_ALIAS, METRIC_NAMESPACE, REGION_WIDE_SERVICE, SLUGS } from '../../lambdas/shared/names.ts';
import type { RegionPlan } from '../assembly/plan.ts';
import type { MetricId } from './alarm-plan.ts';

/** A handler's metric is of itself, by its slug, of the Region or, over all functions, of what they depend on. */
const SERVICE = 'service';
const DOWNSTREAM = 'downstream';

export const LAMBDA = 'AWS/Lambda';
export const SQS = 'AWS/SQS';
export const CERTIFICATES = 'AWS/CertificateManager';
export const DAYS_TO_EXPIRY = 'DaysToExpiry';
export const EVENTS = 'AWS/Events';
export const TRIGGERED_RULES = 'TriggeredRules';
const BACKUPS = 'AWS/Backup';
const BACKUP_TROUBLES = [
  'NumberOfBackupJobsFailed',
  'NumberOfBackupJobsAborted',
  'NumberOfBackupJobsExpired',
  'NumberOfCopyJobsFailed',
];
export const LAMBDA_METRICS = [
  'Invocations',
  'Errors',
  'Throttles',
  'Duration',
  'IteratorAge',
  'ConcurrentExecutions',
] as const;
export const SQS_METRICS = ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'] as const;

export type LambdaMetric = (typeof LAMBDA_METRICS)[number];
export type SqsMetric = (typeof SQS_METRICS)[number];

/** Lambda publishes `name` under each of them; what it counts of the function as a whole has no alias. */
export const lambdaDimensions = (functionName: string, name: string): readonly Readonly<Record<string, string>>[] => [
  { FunctionName: functionName },
  ...(name === 'ConcurrentExecutions'
    ? []
    : [{ FunctionName: functionName, Resource: `${functionName}:${LIVE_ALIAS}` }]),
];

/** Why nobody publishes this metric in the Region, or undefined when somebody does. */
export const unpublished = ({ namespace, name, dimensions }: MetricId, plan: PublishingPlan): string | undefined => {
  const metric = `${namespace} ${name} ${JSON.stringify(dimensions)}`;
  switch (namespace) {
    case METRIC_NAMESPACE:
      return isOfHandlers(dimensions) ? undefined : `no handler publishes ${metric}`;
    case LAMBDA: {
      const known = plan.functions.flatMap((fn) => lambdaDimensions(fn.name, name));
      const feeds =
        name !== 'IteratorAge' || plan.streamSources.some((one) => one.functionName === dimensions.FunctionName);
      const isMeasured = LAMBDA_METRICS.some((one) => one === name) && feeds;
      return isMeasured && isOneOf(known, dimensions) ? undefined : `${metric} is not measured here`;
    }
    case SQS: {
      const known = plan.queues.map((queue) => ({ QueueName: queue.name }));
      const isMeasured = SQS_METRICS.some((one) => one === name);
      return isMeasured && isOneOf(known, dimensions) ? undefined : `${metric} is not measured here`;
    }
    case CERTIFICATES: {
      const known = plan.certificates.map((arn) => ({ CertificateArn: arn }));
      return name === DAYS_TO_EXPIRY && isOneOf(known, dimensions) ? undefined : `${metric} is not measured here`;
    }
    // Published when a rule is triggered, and silent otherwise.
    case EVENTS: {
      const known = plan.eventRules.map((rule) => ({ RuleName: rule.name }));
      return name === TRIGGERED_RULES && isOneOf(known, dimensions) ? undefined : `${metric} is not measured here`;
    }
    // Published when a job ends so, and silent otherwise: no backup is made here.
    case BACKUPS:
      return BACKUP_TROUBLES.some((one) => one === name) && 'BackupVaultName' in dimensions
        ? undefined
        : `${metric} is not measured here`;
    default:
      return `nothing here publishes in ${namespace}, as for ${metric}`;
  }
};

export type PublishingPlan = {
  readonly functions: readonly Pick<RegionPlan['functions'][number], 'name'>[];
  readonly queues: readonly Pick<RegionPlan['queues'][number], 'name'>[];
  readonly streamSources: readonly Pick<RegionPlan['streamSources'][number], 'functionName'>[];
  readonly certificates: RegionPlan['certificates'];
  readonly eventRules: readonly Pick<RegionPlan['eventRules'][number], 'name'>[];
};

const isOneOf = (
  known: readonly Readonly<Record<string, string>>[],
  dimensions: Readonly<Record<string, string>>,
): boolean =>
  known.some(
    (one) =>
      Object.keys(one).length === Object.keys(dimensions).length &&
      Object.entries(one).every(([name, value]) => dimensions[name] === value),
  );

/** Which names they publish under it is theirs; a test holds the alarms to it. */
const isOfHandlers = (dimensions: Readonly<Record<string, string>>): boolean => {
  const [only, ...more] = Object.entries(dimensions);
  if (only === undefined || more.length > 0) return false;
  const [name, value] = only;
  return (
    name === DOWNSTREAM || (name === SERVICE && [...SLUGS, REGION_WIDE_SERVICE].some((service) => service === value))
  );
};
