// Owns the operations of SQS that the app, its workers and its operators use, and the rights that each needs.
// Leaves to queue.ts how a queue behaves, to endpoint.ts who is asking.
import type { QueuePlan } from '../assembly/plan.ts';
import type { MoveTasks } from './move-tasks.ts';
import { type Body, invalid, listOf, md5, notEmulated, numberOf, SqsRefusal, textOf } from './protocol.ts';
import type { LocalQueue } from './queue.ts';
import type { StoredMessage } from './queue-log.ts';
import type { Queues } from './queues.ts';

export interface ActionParts {
  readonly queues: Queues;
  readonly moveTasks: MoveTasks;
  readonly urlOf: (plan: QueuePlan) => string;
}

type Answer = object | Promise<object>;

/** Limits of SQS: a message and a batch, bytes; entries of a batch; seconds. */
const MAX_BYTES = 1_048_576;
const MAX_ENTRIES = 10;
const MAX_DELAY_SECONDS = 900;
const MAX_VISIBILITY_SECONDS = 43_200;
const MAX_WAIT_SECONDS = 20;

/** `gone` fires when the client has left: a long poll ends there and takes nothing. */
export const perform = (parts: ActionParts, operation: string, body: Body, gone: AbortSignal): Answer => {
  switch (operation) {
    case 'SendMessage':
      return send(queueOf(parts, body), body);
    case 'SendMessageBatch':
      return sendBatch(queueOf(parts, body), body);
    case 'ReceiveMessage':
      return receive(queueOf(parts, body), body, gone);
    case 'DeleteMessage':
      return remove(queueOf(parts, body), body);
    case 'DeleteMessageBatch':
      return eachEntry(body, (entry) => remove(queueOf(parts, body), entry));
    case 'ChangeMessageVisibility':
      return changeVisibility(queueOf(parts, body), body);
    case 'ChangeMessageVisibilityBatch':
      return eachEntry(body, (entry) => changeVisibility(queueOf(parts, body), entry));
    case 'GetQueueUrl':
      return { QueueUrl: parts.urlOf(named(parts, textOf(body, 'QueueName')).plan) };
    case 'GetQueueAttributes':
      return { Attributes: attributes(queueOf(parts, body), body) };
    case 'PurgeQueue':
      queueOf(parts, body).purge();
      return {};
    case 'StartMessageMoveTask':
      return startMove(parts, body);
    case 'ListMessageMoveTasks':
      return listMoves(parts, body);
    case 'CancelMessageMoveTask':
      return cancelMove(parts, body);
    default:
      throw notEmulated(operation);
  }
};

/** Action and ARN of everything that a request needs. @throws SqsRefusal for a queue that is not there */
export const neededRights = (
  parts: ActionParts,
  operation: string,
  body: Body,
): readonly { readonly action: string; readonly resource: string }[] => {
  // A batch needs the right of its single operation.
  const action = `sqs:${operation.replace(/Batch$/, '')}`;
  if (operation === 'GetQueueUrl') return [{ action, resource: named(parts, textOf(body, 'QueueName')).plan.arn }];
  if (operation === 'CancelMessageMoveTask') return [{ action, resource: taskOf(parts, body).sourceArn }];
  const arn = operation.endsWith('MessageMoveTask') || operation === 'ListMessageMoveTasks';
  return [{ action, resource: arn ? textOf(body, 'SourceArn') : queueOf(parts, body).plan.arn }];
};

const missing = (): SqsRefusal => new SqsRefusal('QueueDoesNotExist', 'The specified queue does not exist.');

const queueOf = ({ queues }: ActionParts, body: Body): LocalQueue => {
  const queue = queues.atUrl(textOf(body, 'QueueUrl'));
  if (queue === undefined) throw missing();
  return queue;
};

const named = ({ queues }: ActionParts, name: string): LocalQueue => {
  const queue = queues.atUrl(name);
  if (queue === undefined) throw missing();
  return queue;
};

const send = (queue: LocalQueue, body: Body): object => {
  if (body.MessageAttributes !== undefined) throw notEmulated('message attributes');
  const text = textOf(body, 'MessageBody');
  const bytes = Buffer.byteLength(text);
  if (bytes === 0)
    throw new SqsRefusal('MissingRequiredParameterException', 'The request must contain the parameter MessageBody.');
  if (bytes > MAX_BYTES)
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${MAX_BYTES} bytes.`);
  const { messageId } = queue.send(text, numberOf(body, 'DelaySeconds', 0, MAX_DELAY_SECONDS));
  return { MessageId: messageId, MD5OfMessageBody: md5(text) };
};

const sendBatch = (queue: LocalQueue, body: Body): object => {
  const bytes = listOf(body, 'Entries').reduce((sum, entry) => sum + Buffer.byteLength(String(entry.MessageBody)), 0);
  if (bytes > MAX_BYTES)
    throw new SqsRefusal('BatchRequestTooLong', `Batch requests cannot be longer than ${MAX_BYTES} bytes.`);
  return eachEntry(body, (entry) => send(queue, entry));
};

const receive = async (queue: LocalQueue, body: Body, gone: AbortSignal): Promise<object> => {
  const limit = numberOf(body, 'MaxNumberOfMessages', 1, MAX_ENTRIES) ?? 1;
  const visibilityTimeoutSeconds = numberOf(body, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS);
  const waitSeconds = numberOf(body, 'WaitTimeSeconds', 0, MAX_WAIT_SECONDS) ?? queue.plan.receiveWaitSeconds;
  const options = { limit, ...(visibilityTimeoutSeconds === undefined ? {} : { visibilityTimeoutSeconds }) };
  const messages = await queue.receiveWaiting(options, waitSeconds * 1000, gone);
  // An empty list is left out, as SQS does.
  return messages.length === 0 ? {} : { Messages: messages.map(received) };
};

const received = (message: StoredMessage): object => ({
  MessageId: message.messageId,
  ReceiptHandle: message.receiptHandle,
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: systemAttributes(message),
});

/** What a receiver is told of a message besides its body; all of it, whatever was asked for. */
export const systemAttributes = (message: StoredMessage): Readonly<Record<string, string>> => ({
  ApproximateReceiveCount: String(message.receiveCount),
  SentTimestamp: String(message.sentAtMs),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs ?? message.sentAtMs),
  ...(message.deadLetterSourceArn === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
});

const remove = (queue: LocalQueue, body: Body): object => {
  queue.delete(handleOf(body));
  return {};
};

const changeVisibility = (queue: LocalQueue, body: Body): object => {
  const seconds = numberOf(body, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS);
  if (seconds === undefined)
    throw new SqsRefusal(
      'MissingRequiredParameterException',
      'The request must contain the parameter VisibilityTimeout.',
    );
  const handle = handleOf(body);
  if (queue.changeVisibility(handle, seconds) === 'not-in-flight') {
    throw new SqsRefusal(
      'MessageNotInflight',
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  return {};
};

const handleOf = (body: Body): string => {
  const handle = textOf(body, 'ReceiptHandle');
  if (!/^[0-9a-f-]{36}\.[0-9a-f-]{36}$/.test(handle))
    throw new SqsRefusal(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  return handle;
};

/** Each entry for itself: one that is refused says so, and holds up no other. */
const eachEntry = (body: Body, work: (entry: Body) => object): object => {
  const entries = listOf(body, 'Entries');
  const ids = entries.map((entry) => textOf(entry, 'Id'));
  if (entries.length === 0)
    throw new SqsRefusal('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MAX_ENTRIES) {
    throw new SqsRefusal(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${entries.length}.`,
    );
  }
  if (new Set(ids).size < ids.length)
    throw new SqsRefusal('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof SqsRefusal)) throw error;
      Failed.push({ Id: entry.Id, Code: error.type, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, ...(Failed.length === 0 ? {} : { Failed }) };
};

const attributes = (queue: LocalQueue, body: Body): Readonly<Record<string, string>> => {
  const { plan } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const { redrive } = plan;
  const all: Readonly<Record<string, string>> = {
    QueueArn: plan.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(plan.visibilityTimeoutSeconds),
    DelaySeconds: String(plan.delaySeconds),
    ReceiveMessageWaitTimeSeconds: String(plan.receiveWaitSeconds),
    MaximumMessageSize: String(MAX_BYTES),
    ...(redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: redrive.deadLetterArn,
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }),
  };
  const asked = Array.isArray(body.AttributeNames) ? body.AttributeNames.map(String) : [];
  if (asked.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
};

const deadLetterQueue = (parts: ActionParts, body: Body): LocalQueue => {
  const queue = parts.queues.withArn(textOf(body, 'SourceArn'));
  if (queue === undefined)
    throw new SqsRefusal(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  if (parts.queues.sourcesOf(queue).length === 0)
    throw invalid('Source queue must be configured as a Dead Letter Queue.');
  return queue;
};

const startMove = (parts: ActionParts, body: Body): object => {
  const source = deadLetterQueue(parts, body);
  const messagesPerSecond = numberOf(body, 'MaxNumberOfMessagesPerSecond', 1, 500);
  if (parts.moveTasks.of(source.plan.arn).some(({ status }) => status === 'RUNNING'))
    throw new SqsRefusal(
      'UnsupportedOperation',
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  const task = parts.moveTasks.start(source, {
    ...(typeof body.DestinationArn === 'string' ? { destinationArn: body.DestinationArn } : {}),
    ...(messagesPerSecond === undefined ? {} : { messagesPerSecond }),
  });
  return { TaskHandle: task.handle };
};

const listMoves = (parts: ActionParts, body: Body): object => {
  const limit = numberOf(body, 'MaxResults', 1, 10) ?? 1;
  const tasks = parts.moveTasks.of(deadLetterQueue(parts, body).plan.arn).slice(0, limit);
  return {
    Results: tasks.map((task) => ({
      // Only a running one can be cancelled, so only it shows its handle.
      ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
      Status: task.status,
      SourceArn: task.sourceArn,
      ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
      ...(task.messagesPerSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.messagesPerSecond }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
      StartedTimestamp: task.startedAtMs,
    })),
  };
};

const taskOf = ({ moveTasks }: ActionParts, body: Body) => {
  const task = moveTasks.withHandle(textOf(body, 'TaskHandle'));
  if (task === undefined) throw new SqsRefusal('ResourceNotFoundException', 'Task does not exist.');
  return task;
};

const cancelMove = (parts: ActionParts, body: Body): object => {
  const task = taskOf(parts, body);
  if (task.status !== 'RUNNING') throw new SqsRefusal('UnsupportedOperation', 'Only active tasks can be cancelled.');
  task.status = 'CANCELLED';
  return { ApproximateNumberOfMessagesMoved: task.moved };
};
