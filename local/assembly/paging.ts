// Owns who is told by alarms: the topics of a Region, and what becomes of the calls of functions that nobody waits for.
// Leaves to local/sns the messages, to local/region/alarm-actions.ts the calls.
import { functionNameOf } from './functions.ts';
import type { AsyncCallsPlan, PagingPlan } from './plan.ts';
import type { Resources } from './resources.ts';

/** Lambda's own. */
const DEFAULT_RETRIES = 2;
const DEFAULT_MAX_AGE_SECONDS = 6 * 60 * 60;

const ALARMS = 'lambda.alarms.cloudwatch.amazonaws.com';

export function readPaging(resources: Resources): PagingPlan {
  const callable = resources
    .ofType('AWS::Lambda::Permission')
    .filter(
      ({ properties, stack }) =>
        properties.text('Principal') === ALARMS &&
        properties.text('Action') === 'lambda:InvokeFunction' &&
        [undefined, stack.account].includes(properties.optionalText('SourceAccount')),
    )
    .map(({ properties, stack: { region, account } }) => {
      // A permission names its function by name, name and alias, or ARN.
      const named = properties.text('FunctionName');
      return named.startsWith('arn:') ? named : `arn:aws:lambda:${region}:${account}:function:${named}`;
    });
  return {
    topics: resources.ofType('AWS::SNS::Topic').map(({ properties, ref }) => {
      properties.value('TopicName');
      return ref();
    }),
    callableByAlarms: callable,
    asyncCalls: readAsyncCalls(resources),
  };
}

function readAsyncCalls(resources: Resources): readonly AsyncCallsPlan[] {
  return resources.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
    const onFailureArn = properties.object('DestinationConfig').object('OnFailure').optionalText('Destination');
    return {
      functionName: functionNameOf(properties.text('FunctionName')),
      qualifier: properties.text('Qualifier'),
      retries: properties.number('MaximumRetryAttempts', DEFAULT_RETRIES),
      maxAgeSeconds: properties.number('MaximumEventAgeInSeconds', DEFAULT_MAX_AGE_SECONDS),
      ...(onFailureArn === undefined ? {} : { onFailureArn }),
    };
  });
}
