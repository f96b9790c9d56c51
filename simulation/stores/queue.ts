// Owns one queue of a Region: messages come at least once, in any order, are hidden while they are worked, and after five receives lie
// in the dead-letter queue. They outlive the Region's workers.
// Leaves to the worker what a message asks for.
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { checkMessage, type Queue, type QueueMessage } from '../../lambdas/ports/queue.ts';
import type { Random } from '../engine/random.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { RegionName } from '../world/network.ts';
import type { Worker } from '../world/worker.ts';

const VISIBILITY_MS = 90_000;
const MAX_RECEIVES = 5;
const BATCH_MESSAGES = 10;

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentMs: number;
  receives: number;
  visibleAtMs: number;
}

export interface QueueDeps {
  readonly region: RegionName;
  readonly name: string;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: FaultBoard;
  readonly isConsumed: () => boolean;
  readonly consume: (event: SQSEvent) => Promise<SQSBatchResponse | 'died'>;
}

export class SimulatedQueue {
  /** Bodies ever sent, for whoever looks from outside. */
  readonly sent: string[] = [];
  readonly #messages = new Map<string, Message>();
  #deadLetters: Message[] = [];
  #count = 0;

  constructor(private readonly deps: QueueDeps) {}

  get waiting(): number {
    return this.#messages.size;
  }

  get deadLetters(): number {
    return this.#deadLetters.length;
  }

  /** The queue as `worker` sends to it. */
  port(worker: Worker): Queue {
    const { faults, region, random } = this.deps;
    return {
      send: async (messages) => {
        for (const message of messages) checkMessage(message);
        if (messages.length === 0) return { failed: [] };
        await worker.reach();
        const failed: number[] = [];
        for (const [place, message] of messages.entries()) {
          const isSaidToFail = faults.strikes('failed-sends', region);
          if (isSaidToFail) failed.push(place);
          if (!isSaidToFail || random.chance(0.5)) this.#take(message);
        }
        return worker.hear({ failed });
      },
    };
  }

  /** Moves the dead letters back, as an operator or the redrive function does. */
  redrive(): void {
    for (const { body } of this.#deadLetters.splice(0)) this.#take({ body });
  }

  /** Somebody is there to work again. */
  resume(): void {
    for (const message of this.#messages.values()) this.#wake(message);
  }

  #take({ body, delaySeconds = 0 }: QueueMessage): void {
    const { time, name } = this.deps;
    const id = `${name}-${++this.#count}`;
    const message = { id, body, sentMs: time.nowMs, receives: 0, visibleAtMs: time.nowMs + delaySeconds * 1_000 };
    this.#messages.set(id, message);
    this.sent.push(body);
    this.#wake(message);
  }

  #wake(message: Message): void {
    const { time, random, faults, region } = this.deps;
    const lateMs = faults.strikes('late-messages', region) ? random.between(10_000, 120_000) : random.between(20, 300);
    time.at(Math.max(time.nowMs, message.visibleAtMs) + lateMs, () => void this.#deliver(message));
  }

  async #deliver(first: Message): Promise<void> {
    const { time, faults, region, random, isConsumed, consume } = this.deps;
    const isDue = (message: Message): boolean => this.#messages.has(message.id) && message.visibleAtMs <= time.nowMs;
    if (!isDue(first) || !isConsumed()) return;
    const batch = [first, ...[...this.#messages.values()].filter((one) => one !== first && isDue(one))];
    const received = batch.slice(0, BATCH_MESSAGES).filter((message) => this.#receive(message));
    if (received.length === 0) return;
    const response = await consume({ Records: received.map((message) => this.#record(message)) });
    if (response === 'died') return;
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of received) {
      if (failed.has(message.id)) continue;
      if (faults.strikes('repeated-messages', region)) message.visibleAtMs = time.nowMs + random.between(100, 60_000);
      else this.#messages.delete(message.id);
      this.#wake(message);
    }
  }

  /** False for a message that has been received too often. */
  #receive(message: Message): boolean {
    if (message.receives >= MAX_RECEIVES) {
      this.#messages.delete(message.id);
      this.#deadLetters.push(message);
      return false;
    }
    message.receives += 1;
    message.visibleAtMs = this.deps.time.nowMs + VISIBILITY_MS;
    this.#wake(message);
    return true;
  }

  #record({ id, body, receives, sentMs }: Message): SQSRecord {
    return {
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentMs),
        SenderId: this.deps.region,
        ApproximateFirstReceiveTimestamp: String(sentMs),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${this.deps.region}:000000000000:${this.deps.name}`,
      awsRegion: this.deps.region,
    };
  }
}
