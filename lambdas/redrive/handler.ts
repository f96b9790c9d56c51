// Owns the wiring of the redrive function: what a worker makes once.
// Leaves to create-redrive-handler.ts what it does.
import { CloudWatchAlarmStates, createCloudWatchClient } from '../adapters/cloudwatch-alarm-states.ts';
import { CodeDeployDeployments, createCodeDeployClient } from '../adapters/codedeploy-deployments.ts';
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoRedrives } from '../adapters/dynamo/redrives.ts';
import { createSnsClient, SnsPager } from '../adapters/sns-pager.ts';
import { SqsDeadLetters } from '../adapters/sqs/dead-letters.ts';
import { createSqsClient } from '../adapters/sqs/queue.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { optionalSetting, ownRegion, setting } from '../shared/env.ts';
import { alarmTopicName, CANARY_SLUGS, codeDeployApplicationName, deadLetterQueueName } from '../shared/names.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createRedriveHandler } from './create-redrive-handler.ts';

const region = ownRegion();
const jurisdiction = setting('jurisdiction');
const sqs = createSqsClient({ region });
const queueUrlBase = setting('queueUrlBase');
const topicArnBase = setting('topicArnBase');

export const handler = createRedriveHandler({
  region,
  runbookBase: optionalSetting('runbookBaseUrl') ?? '',
  alarms: new CloudWatchAlarmStates(createCloudWatchClient({ region }), `baseload-${jurisdiction}-`),
  deployments: new CodeDeployDeployments(
    createCodeDeployClient({ region }),
    codeDeployApplicationName(jurisdiction),
    CANARY_SLUGS,
  ),
  deadLettersOf: (queue) => new SqsDeadLetters(sqs, `${queueUrlBase}${deadLetterQueueName(jurisdiction, queue)}`),
  redrives: new DynamoRedrives(new Dynamo({ region }), setting('regionStateTable')),
  pager: new SnsPager(createSnsClient({ region }), (tier) => `${topicArnBase}${alarmTopicName(jurisdiction, tier)}`),
  clock: systemClock,
  telemetry: createTelemetry('redrive'),
});
