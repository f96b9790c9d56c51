// Owns starting a Region's event sources, refused as AWS refuses a mapping whose role lacks a right.
// Leaves to local/event-source how a stream is followed and a queue is worked, and to local/sqs the queues.
import type { FunctionPlan, QueueSourcePlan, RegionPlan, RolePlan, StreamSourcePlan } from '../assembly/plan.ts';
import { DeliveryFaults } from '../delivery-faults.ts';
import { type QueuePoller, startQueuePoller } from '../event-source/queue-poller.ts';
import { rereadStream } from '../event-source/reread.ts';
import { type StreamPoller, type StreamPollerOptions, startStreamPoller } from '../event-source/stream-poller.ts';
import { authorize } from '../iam/evaluate.ts';
import { roleRequest } from '../iam/role-request.ts';
import type { Lambda } from '../lambda/service.ts';
import type { Queues } from '../sqs/queues.ts';

export interface EventSourcesOptions {
  readonly plan: RegionPlan;
  readonly lambda: Lambda;
  readonly queues: Queues;
  readonly dynamodbUrl: string;
  readonly dataDir: string;
  /** Age of the last record of each batch of a stream that a function is handed, milliseconds. */
  readonly onIteratorAge: (functionName: string, ageMs: number) => void;
  readonly nowMs: () => number;
  readonly onTrouble: (what: string) => void;
}

const STREAM_ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream'];
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** A mapping of a stream, and what can be ordered of it. */
export interface StreamSource extends StreamPoller {
  readonly faults: DeliveryFaults;
  /** Hands everything over once more that the stream still holds. @throws Error when that takes more than a minute */
  reread(): Promise<void>;
}

/** @throws Error when a role may not read its stream or send to its failure destination */
export function startEventSources(options: EventSourcesOptions): readonly StreamSource[] {
  return options.plan.streamSources.map((source) => startSource(source, options));
}

/** @throws Error when a role may not take messages off its queue, or they would come again before its function has ended */
export function startQueueSources(options: EventSourcesOptions): readonly QueuePoller[] {
  return options.plan.queueSources.map((source) => startQueueSource(source, options));
}

function startQueueSource(source: QueueSourcePlan, options: EventSourcesOptions): QueuePoller {
  const { plan, lambda, nowMs, onTrouble } = options;
  const { fn, may } = consumerOf(source, plan);
  const queue = options.queues.withArn(source.queueArn);
  if (queue === undefined) throw new Error(`event source of ${fn.name}: no queue ${source.queueArn} in ${plan.region}`);
  const missing = QUEUE_ACTIONS.find((action) => !may(`sqs:${action}`, source.queueArn));
  if (missing !== undefined) {
    throw new Error(
      `event source of ${fn.name}: The provided execution role does not have permissions to call ${missing} on SQS`,
    );
  }
  const { visibilityTimeoutSeconds } = queue.plan;
  if (visibilityTimeoutSeconds < fn.timeoutSeconds) {
    throw new Error(
      `event source of ${fn.name}: Queue visibility timeout: ${visibilityTimeoutSeconds} seconds is less than Function timeout: ${fn.timeoutSeconds} seconds`,
    );
  }
  return startQueuePoller({
    plan: source,
    region: plan.region,
    queue,
    invoke: (event) => lambda.invoke(fn.name, event),
    onTrouble: (what) => onTrouble(`event source of ${fn.name}: ${what}`),
    nowMs,
  });
}

function startSource(source: StreamSourcePlan, options: EventSourcesOptions): StreamSource {
  const { plan, lambda, queues, dynamodbUrl, dataDir, nowMs, onIteratorAge, onTrouble } = options;
  const { fn, role, may } = consumerOf(source, plan);
  if (!STREAM_ACTIONS.every((action) => may(`dynamodb:${action}`, source.streamArn))) {
    throw new Error(
      `event source of ${fn.name}: Cannot access stream ${source.streamArn}. Please ensure the role can perform the ${STREAM_ACTIONS.join(', ')} Actions on your stream in IAM.`,
    );
  }
  const { onFailureQueueArn } = source;
  const queue = onFailureQueueArn === undefined ? undefined : queues.withArn(onFailureQueueArn);
  if (onFailureQueueArn !== undefined) {
    if (queue === undefined)
      throw new Error(`event source of ${fn.name}: no queue ${onFailureQueueArn} in ${plan.region}`);
    if (!may('sqs:SendMessage', onFailureQueueArn)) {
      throw new Error(
        `event source of ${fn.name}: The provided execution role does not have permissions to call SendMessage on SQS`,
      );
    }
  }
  const reading: StreamPollerOptions = {
    plan: source,
    region: plan.region,
    functionArn: fn.alias === undefined ? fn.arn : `${fn.arn}:${fn.alias}`,
    accessKeyId: role.accessKeyId,
    endpoint: dynamodbUrl,
    dataDir,
    invoke: (event) => lambda.invoke(fn.name, event),
    onFailure: (message) => {
      queue?.send(message);
    },
    onIteratorAge: (ageMs) => onIteratorAge(fn.name, ageMs),
    onTrouble: (what) => onTrouble(`event source of ${fn.name}: ${what}`),
    nowMs,
  };
  const faults = new DeliveryFaults(fn.name);
  return { ...startStreamPoller({ ...reading, faults }), faults, reread: () => rereadStream(reading) };
}

/** The function that a mapping feeds, in whose name everything is asked. */
function consumerOf(
  { functionName }: { readonly functionName: string },
  plan: RegionPlan,
): {
  readonly fn: FunctionPlan;
  readonly role: RolePlan;
  readonly may: (action: string, resource: string) => boolean;
} {
  const fn = plan.functions.find(({ name }) => name === functionName);
  const role = plan.roles.find(({ name }) => name === fn?.roleName);
  if (fn === undefined || role === undefined)
    throw new Error(`event source of ${functionName}: no such function with a role in ${plan.region}`);
  return { fn, role, may: (action, resource) => authorize(roleRequest(role, plan.region, action, resource)).allowed };
}
