// Owns what feeds functions besides the API: streams, queues, and custom resources.
// Leaves to local/event-source how a stream is followed and a queue is worked.
import { functionNameOf } from './functions.ts';
import type { CustomResourcePlan, QueuePlan, QueueSourcePlan, StreamSourcePlan } from './plan.ts';
import type { Properties } from './properties.ts';
import type { Resource, Resources } from './resources.ts';

/** Lambda's own defaults; -1 is without bound. */
const DEFAULT_BATCH_SIZE = 100;
const DEFAULT_QUEUE_BATCH_SIZE = 10;
const UNBOUNDED = -1;

/** SQS's own. */
const DEFAULT_VISIBILITY_TIMEOUT_SECONDS = 30;

const mappings = (resources: Resources, of: 'sqs' | 'stream'): readonly Resource[] =>
  resources
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => /^arn:[^:]+:sqs:/.test(properties.text('EventSourceArn')) === (of === 'sqs'));

export function readStreamSources(resources: Resources): readonly StreamSourcePlan[] {
  return mappings(resources, 'stream').map(({ properties }) => {
    const onFailureQueueArn = properties.object('DestinationConfig').object('OnFailure').optionalText('Destination');
    const startingPosition = properties.text('StartingPosition');
    if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
      throw new Error(`${properties.where}: starting position ${startingPosition} is not one of a DynamoDB stream`);
    }
    properties.only('Enabled', 'true');
    return {
      functionName: functionNameOf(properties.text('FunctionName')),
      streamArn: properties.text('EventSourceArn'),
      batchSize: properties.number('BatchSize', DEFAULT_BATCH_SIZE),
      batchingWindowSeconds: properties.number('MaximumBatchingWindowInSeconds', 0),
      startingPosition,
      maximumRetryAttempts: properties.number('MaximumRetryAttempts', UNBOUNDED),
      maximumRecordAgeSeconds: properties.number('MaximumRecordAgeInSeconds', UNBOUNDED),
      bisectOnError: properties.flag('BisectBatchOnFunctionError', false),
      reportBatchItemFailures: reportsItems(properties),
      parallelizationFactor: properties.number('ParallelizationFactor', 1),
      ...(onFailureQueueArn === undefined ? {} : { onFailureQueueArn }),
    };
  });
}

export function readQueueSources(resources: Resources): readonly QueueSourcePlan[] {
  return mappings(resources, 'sqs').map(({ properties }) => {
    const maximumConcurrency = properties.object('ScalingConfig').optionalNumber('MaximumConcurrency');
    properties.only('Enabled', 'true');
    return {
      functionName: functionNameOf(properties.text('FunctionName')),
      queueArn: properties.text('EventSourceArn'),
      batchSize: properties.number('BatchSize', DEFAULT_QUEUE_BATCH_SIZE),
      batchingWindowSeconds: properties.number('MaximumBatchingWindowInSeconds', 0),
      reportBatchItemFailures: reportsItems(properties),
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
    };
  });
}

function reportsItems(properties: Properties): boolean {
  const responseTypes = properties.texts('FunctionResponseTypes');
  const unknown = responseTypes.filter((type) => type !== 'ReportBatchItemFailures');
  if (unknown.length > 0) throw new Error(`${properties.where}: response type ${unknown.join(', ')} is not emulated`);
  return responseTypes.length > 0;
}

/** The slug is what the name says after the jurisdiction: `baseload-us-project-facts-failures`. */
export function readQueues(resources: Resources, jurisdiction: string): readonly QueuePlan[] {
  return resources.ofType('AWS::SQS::Queue').map(({ properties, attribute }) => {
    properties.value('QueueName');
    const name = attribute('QueueName');
    const redrive = properties.object('RedrivePolicy');
    return {
      name,
      arn: attribute('Arn'),
      slug: name.replace(`baseload-${jurisdiction}-`, ''),
      visibilityTimeoutSeconds: properties.number('VisibilityTimeout', DEFAULT_VISIBILITY_TIMEOUT_SECONDS),
      delaySeconds: properties.number('DelaySeconds', 0),
      receiveWaitSeconds: properties.number('ReceiveMessageWaitTimeSeconds', 0),
      ...(properties.has('RedrivePolicy')
        ? {
            redrive: {
              deadLetterArn: redrive.text('deadLetterTargetArn'),
              maxReceiveCount: redrive.number('maxReceiveCount'),
            },
          }
        : {}),
    };
  });
}

export function readCustomResources(resources: Resources): readonly CustomResourcePlan[] {
  return resources.custom().map(({ id, type, logicalId, stack, properties }) => {
    const all = Object.fromEntries(properties.names().map((name) => [name, properties.value(name)]));
    return {
      id,
      type,
      logicalId,
      stackName: stack.name,
      functionName: functionNameOf(String(all.ServiceToken)),
      properties: all,
    };
  });
}
