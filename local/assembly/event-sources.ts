// Owns what feeds functions besides the API: stream sources, the queues of what they give up, custom resources.
// Leaves to local/event-source how a stream is followed.
import { functionNameOf } from './functions.ts';
import type { CustomResourcePlan, QueuePlan, StreamSourcePlan } from './plan.ts';
import type { Resources } from './resources.ts';

/** Lambda's own defaults; -1 is without bound. */
const DEFAULT_BATCH_SIZE = 100;
const UNBOUNDED = -1;

export function readStreamSources(resources: Resources): readonly StreamSourcePlan[] {
  return resources.ofType('AWS::Lambda::EventSourceMapping').map(({ properties }) => {
    const onFailureQueueArn = properties.object('DestinationConfig').object('OnFailure').optionalText('Destination');
    const startingPosition = properties.text('StartingPosition');
    if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
      throw new Error(`${properties.where}: starting position ${startingPosition} is not one of a DynamoDB stream`);
    }
    const responseTypes = properties.texts('FunctionResponseTypes');
    const unknown = responseTypes.filter((type) => type !== 'ReportBatchItemFailures');
    if (unknown.length > 0) throw new Error(`${properties.where}: response type ${unknown.join(', ')} is not emulated`);
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
      reportBatchItemFailures: responseTypes.length > 0,
      parallelizationFactor: properties.number('ParallelizationFactor', 1),
      ...(onFailureQueueArn === undefined ? {} : { onFailureQueueArn }),
    };
  });
}

/** The slug is what the name says after the jurisdiction: `baseload-us-project-facts-failures`. */
export function readQueues(resources: Resources, jurisdiction: string): readonly QueuePlan[] {
  return resources.ofType('AWS::SQS::Queue').map(({ properties, attribute }) => {
    properties.value('QueueName');
    const name = attribute('QueueName');
    return { name, arn: attribute('Arn'), slug: name.replace(`baseload-${jurisdiction}-`, '') };
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
