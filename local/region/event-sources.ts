// Owns starting a Region's stream sources, refused as AWS refuses a mapping whose role lacks a right.
// Leaves to local/event-source how a stream is followed, and to local/sqs where failure records go.
import type { RegionPlan, RolePlan, StreamSourcePlan } from '../assembly/plan.ts';
import { type StreamPoller, startStreamPoller } from '../event-source/stream-poller.ts';
import { authorize } from '../iam/evaluate.ts';
import type { Lambda } from '../lambda/service.ts';
import type { QueueFile } from '../sqs/queue-file.ts';

export interface EventSourcesOptions {
  readonly plan: RegionPlan;
  readonly lambda: Lambda;
  readonly queues: readonly QueueFile[];
  readonly dynamodbUrl: string;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly onTrouble: (what: string) => void;
}

const STREAM_ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream'];

/** @throws Error when a role may not read its stream or send to its failure destination */
export function startEventSources(options: EventSourcesOptions): readonly StreamPoller[] {
  return options.plan.streamSources.map((source) => startSource(source, options));
}

function startSource(source: StreamSourcePlan, options: EventSourcesOptions): StreamPoller {
  const { plan, lambda, queues, dynamodbUrl, dataDir, nowMs, onTrouble } = options;
  const fn = plan.functions.find(({ name }) => name === source.functionName);
  const role = plan.roles.find(({ name }) => name === fn?.roleName);
  if (fn === undefined || role === undefined)
    throw new Error(`event source of ${source.functionName}: no such function with a role in ${plan.region}`);
  const may = (action: string, resource: string) => authorizedFor(role, plan.region, action, resource);
  if (!STREAM_ACTIONS.every((action) => may(`dynamodb:${action}`, source.streamArn))) {
    throw new Error(
      `event source of ${fn.name}: Cannot access stream ${source.streamArn}. Please ensure the role can perform the ${STREAM_ACTIONS.join(', ')} Actions on your stream in IAM.`,
    );
  }
  const { onFailureQueueArn } = source;
  const queue = queues.find((candidate) => candidate.plan.arn === onFailureQueueArn);
  if (onFailureQueueArn !== undefined) {
    if (queue === undefined)
      throw new Error(`event source of ${fn.name}: no queue ${onFailureQueueArn} in ${plan.region}`);
    if (!may('sqs:SendMessage', onFailureQueueArn)) {
      throw new Error(
        `event source of ${fn.name}: The provided execution role does not have permissions to call SendMessage on SQS`,
      );
    }
  }
  return startStreamPoller({
    plan: source,
    region: plan.region,
    functionArn: fn.alias === undefined ? fn.arn : `${fn.arn}:${fn.alias}`,
    accessKeyId: role.accessKeyId,
    endpoint: dynamodbUrl,
    dataDir,
    invoke: (event) => lambda.invoke(fn.name, event),
    onFailure: (message) => queue?.send(message),
    onTrouble: (what) => onTrouble(`event source of ${fn.name}: ${what}`),
    nowMs,
  });
}

function authorizedFor(role: RolePlan, region: string, action: string, resource: string): boolean {
  const context = { 'aws:RequestedRegion': [region], 'aws:SecureTransport': ['true'] };
  return authorize({ principalArn: role.arn, statements: role.statements, action, resource, context }).allowed;
}
