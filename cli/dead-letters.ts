// Owns one dead-letter queue as an operator sees it: how much lies there, what it is, and the task that moves it back.
// Leaves to commands/redrive.ts what is said of it, to message-causes.ts what a message tells.
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { ClientSettings } from './target.ts';

export interface DeadLetter {
  readonly body: string;
  /** When it was first sent, not when it was given up; epoch milliseconds. */
  readonly sentAtMs: number;
}

export interface MoveTask {
  readonly state: 'running' | 'done' | 'failed';
  /** Epoch milliseconds; tells a task from the one before it. */
  readonly startedAtMs: number;
  readonly moved: number;
  readonly toMove: number;
  /** SQS's word for how it ended, and its reason where it gives one. */
  readonly detail: string;
}

/** More than a person reads; the count beyond it is known without looking. */
const LOOK_AT_MOST = 100;
/** SQS gives and takes back so many at once. */
const BATCH = 10;
/** A killed look hides what it saw for so long. */
const LOOK_SECONDS = 30;

export class DeadLetters {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly url: string,
    private readonly arn: string,
  ) {}

  /** @throws what the SDK throws for a Region that does not answer or a queue that is not there */
  static async open(settings: ClientSettings, name: string): Promise<DeadLetters> {
    const sqs = new SQSClient(settings);
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    return new DeadLetters(sqs, QueueUrl, Attributes?.QueueArn ?? '');
  }

  /** Approximate, as SQS counts; those that somebody looks at just now included. */
  async count(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  /**
   * At most 100 of what lies there, left where it is. SQS knows no other look than a receive: it counts on the message, which
   * nothing in a dead-letter queue depends on, and hides it until it is given back here.
   */
  async look(): Promise<readonly DeadLetter[]> {
    const seen = new Map<string, DeadLetter>();
    const handles: string[] = [];
    try {
      while (handles.length < LOOK_AT_MOST) {
        const { Messages = [] } = await this.sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: this.url,
            MaxNumberOfMessages: BATCH,
            VisibilityTimeout: LOOK_SECONDS,
            // Asks all of SQS's servers, not a few: nothing seen then means that nothing is there.
            WaitTimeSeconds: handles.length === 0 ? 1 : 0,
            MessageSystemAttributeNames: ['SentTimestamp'],
          }),
        );
        for (const { MessageId = '', ReceiptHandle = '', Body = '', Attributes } of Messages) {
          seen.set(MessageId, { body: Body, sentAtMs: Number(Attributes?.SentTimestamp) });
          handles.push(ReceiptHandle);
        }
        if (Messages.length === 0) break;
      }
    } finally {
      await this.#giveBack(handles);
    }
    return [...seen.values()];
  }

  /** The latest of the last 36 hours, if there was one. */
  async latestMove(): Promise<MoveTask | undefined> {
    const { Results = [] } = await this.sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: this.arn, MaxResults: 1 }),
    );
    const [task] = Results;
    if (task === undefined) return undefined;
    const { Status = '', FailureReason } = task;
    return {
      state: STATES[Status] ?? 'failed',
      startedAtMs: task.StartedTimestamp ?? 0,
      moved: task.ApproximateNumberOfMessagesMoved ?? 0,
      toMove: task.ApproximateNumberOfMessagesToMove ?? 0,
      detail: FailureReason === undefined ? Status : `${Status}: ${FailureReason}`,
    };
  }

  /** Back to where each message came from. `running`: another task of this queue is under way, and none was started. */
  async startMove(messagesPerSecond: number): Promise<'started' | 'running'> {
    try {
      await this.sqs.send(
        new StartMessageMoveTaskCommand({ SourceArn: this.arn, MaxNumberOfMessagesPerSecond: messagesPerSecond }),
      );
      return 'started';
    } catch (cause) {
      // SQS's answer to a second task; only the list can tell it from its other uses of the name.
      if (!(cause instanceof Error && cause.name === 'UnsupportedOperation')) throw cause;
      if ((await this.latestMove())?.state !== 'running') throw cause;
      return 'running';
    }
  }

  close(): void {
    this.sqs.destroy();
  }

  /** What is not given back is seen again when its time is over. */
  async #giveBack(handles: readonly string[]): Promise<void> {
    for (let from = 0; from < handles.length; from += BATCH) {
      const Entries = handles.slice(from, from + BATCH).map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries }));
    }
  }
}

/** A task that is being cancelled still moves; one that ended early is not done. */
const STATES: Readonly<Record<string, MoveTask['state']>> = {
  RUNNING: 'running',
  CANCELLING: 'running',
  COMPLETED: 'done',
};
