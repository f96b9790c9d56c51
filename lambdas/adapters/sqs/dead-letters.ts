// Owns one dead-letter queue of SQS: its depth, its latest move, and the start of one.
// Leaves to SQS which queue each message came from.
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type QueueAttributeName,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import { AWS_TIMING } from '../../shared/policies.ts';
import { within } from '../deadlines.ts';

const DEPTHS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
/** A move that is being cancelled still moves. */
const RUNNING = ['RUNNING', 'CANCELLING'];

export class SqsDeadLetters implements DeadLetters {
  constructor(
    private readonly client: SQSClient,
    private readonly queueUrl: string,
  ) {}

  async count(): Promise<number> {
    const attributes = await this.#attributes(DEPTHS);
    return DEPTHS.reduce((sum, name) => sum + Number(attributes[name] ?? 0), 0);
  }

  async latestMove(): ReturnType<DeadLetters['latestMove']> {
    const command = new ListMessageMoveTasksCommand({ SourceArn: await this.#arn(), MaxResults: 1 });
    const { Results: [latest] = [] } = await within(AWS_TIMING.callDeadlineMs, (abortSignal) =>
      this.client.send(command, { abortSignal }),
    );
    if (latest === undefined) return undefined;
    return { startedAtMs: latest.StartedTimestamp ?? 0, isRunning: RUNNING.includes(latest.Status ?? '') };
  }

  async startMove(messagesPerSecond: number): Promise<void> {
    const command = new StartMessageMoveTaskCommand({
      SourceArn: await this.#arn(),
      MaxNumberOfMessagesPerSecond: messagesPerSecond,
    });
    await within(AWS_TIMING.callDeadlineMs, (abortSignal) => this.client.send(command, { abortSignal }));
  }

  /** Moves are asked for by ARN, everything else by URL. */
  async #arn(): Promise<string> {
    const { QueueArn } = await this.#attributes(['QueueArn']);
    if (QueueArn === undefined) throw new Error(`SQS does not say the ARN of ${this.queueUrl}`);
    return QueueArn;
  }

  async #attributes(names: readonly QueueAttributeName[]): Promise<Readonly<Record<string, string>>> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.queueUrl, AttributeNames: [...names] });
    const { Attributes = {} } = await within(AWS_TIMING.callDeadlineMs, (abortSignal) =>
      this.client.send(command, { abortSignal }),
    );
    return Attributes;
  }
}
