// Owns one standard queue: what can be seen when, receive counts, and the moment a message is given up.
// Leaves to actions.ts what is asked over HTTP, to queue-log.ts that it outlives a kill.
// Source: SQS developer guide, "Visibility timeout", "Dead-letter queues", "Short and long polling".
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { QueuePlan } from '../assembly/plan.ts';
import { DeliveryFaults } from '../delivery-faults.ts';
import { DueQueue } from '../dynamodb/ledger/due-queue.ts';
import type { RegionAdminState } from '../processes.ts';
import { type Change, QueueLog, type StoredMessage } from './queue-log.ts';

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface ReceiveOptions {
  /** 1 to 10. */
  readonly limit: number;
  readonly visibilityTimeoutSeconds?: number;
}

/** AWS would name the message that is not there, or not with this handle. */
export type VisibilityOutcome = 'changed' | 'not-in-flight';

export class LocalQueue {
  private readonly log: QueueLog;
  private readonly messages: Map<string, StoredMessage>;
  /** Ids of visible messages, the first one next; a message may have gone in the meantime. */
  private readonly ready = new Set<string>();
  private readonly hidden = new DueQueue<string>();
  private readonly wakers = new Set<() => void>();
  /** What was ordered to go wrong here; gone with the process. */
  readonly faults: DeliveryFaults;

  /** Opens what an earlier run left. `deadLetters` is the queue that `plan.redrive` names. */
  constructor(
    dataDir: string,
    readonly plan: QueuePlan,
    private readonly nowMs: () => number,
    readonly deadLetters?: LocalQueue,
  ) {
    this.faults = new DeliveryFaults(plan.name);
    this.log = new QueueLog(join(dataDir, 'queues', `${plan.name}.jsonl`));
    this.messages = this.log.read();
    for (const { messageId, visibleAtMs } of this.messages.values()) this.hidden.add(visibleAtMs, messageId);
  }

  /** On disk when it returns. */
  send(body: string, delaySeconds: number = this.plan.delaySeconds): { readonly messageId: string } {
    const nowMs = this.nowMs();
    const fault = this.faults.take('delay');
    const message = {
      messageId: randomUUID(),
      body,
      sentAtMs: nowMs,
      visibleAtMs: nowMs + (delaySeconds + (fault?.delaySeconds ?? 0)) * 1000,
      receiveCount: 0,
    };
    this.put([message]);
    return message;
  }

  /** What can be seen now; the rest of the queue is not held up by it. */
  receive({ limit, visibilityTimeoutSeconds = this.plan.visibilityTimeoutSeconds }: ReceiveOptions): StoredMessage[] {
    const nowMs = this.nowMs();
    this.promote();
    const taken: StoredMessage[] = [];
    for (const messageId of this.inTurn(limit)) {
      if (taken.length === limit) break;
      this.ready.delete(messageId);
      const message = this.messages.get(messageId);
      if (message === undefined) continue;
      const { redrive } = this.plan;
      const isGivenUp = redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount;
      if (isGivenUp || (redrive !== undefined && this.faults.take('lose-to-dlq') !== undefined)) {
        this.giveUp(message);
        continue;
      }
      taken.push({
        ...message,
        // Seen twice at once: SQS promises no more than at least once.
        visibleAtMs: this.faults.take('duplicate') === undefined ? nowMs + visibilityTimeoutSeconds * 1000 : nowMs,
        receiveCount: message.receiveCount + 1,
        firstReceivedAtMs: message.firstReceivedAtMs ?? nowMs,
        receiptHandle: `${messageId}.${randomUUID()}`,
      });
    }
    this.put(taken);
    return taken;
  }

  /** Whoever waits for a message looks again: the clock was moved. */
  wake(): void {
    for (const waker of [...this.wakers]) waker();
  }

  /** As `receive`, waiting until something can be seen, `waitMs` at most, or until `stop` fires. */
  async receiveWaiting(options: ReceiveOptions, waitMs: number, stop: AbortSignal): Promise<StoredMessage[]> {
    const untilMs = this.nowMs() + waitMs;
    for (;;) {
      if (stop.aborted) return [];
      const messages = this.receive(options);
      const leftMs = untilMs - this.nowMs();
      if (messages.length > 0 || leftMs <= 0) return messages;
      await this.woken(Math.min(leftMs, (this.hidden.nextAtMs() ?? Number.POSITIVE_INFINITY) - this.nowMs()), stop);
    }
  }

  /** Deletes what was received last with this handle; an older handle deletes nothing, as with SQS's standard queues. */
  delete(receiptHandle: string): void {
    const message = this.heldBy(receiptHandle);
    if (message === undefined) return;
    this.remove(message.messageId);
  }

  changeVisibility(receiptHandle: string, seconds: number): VisibilityOutcome {
    const message = this.heldBy(receiptHandle);
    if (message === undefined || message.visibleAtMs <= this.nowMs()) return 'not-in-flight';
    this.put([{ ...message, visibleAtMs: this.nowMs() + seconds * 1000 }]);
    return 'changed';
  }

  purge(): void {
    const gone = [...this.messages.keys()];
    this.messages.clear();
    this.ready.clear();
    this.log.append(
      gone.map((messageId) => ({ messageId, gone: true })),
      this.messages,
    );
  }

  /** Takes out for good what has such a body, also while it is in flight, and from the DLQ. */
  withdraw(isUnwanted: (body: string) => boolean): void {
    const unwanted = [...this.messages.values()].filter(({ body }) => isUnwanted(body));
    for (const { messageId } of unwanted) this.remove(messageId);
    this.deadLetters?.withdraw(isUnwanted);
  }

  /** Takes over a message of another queue, with the age it has there. */
  takeOver(message: StoredMessage, fromArn: string): void {
    const { messageId, body, sentAtMs } = message;
    const visibleAtMs = this.nowMs();
    this.put([{ messageId, body, sentAtMs, visibleAtMs, receiveCount: 0, deadLetterSourceArn: fromArn }]);
  }

  /** The next message that can be seen, taken out for good; undefined when there is none. */
  takeNext(): StoredMessage | undefined {
    this.promote();
    const [messageId] = this.ready;
    const message = messageId === undefined ? undefined : this.messages.get(messageId);
    if (message !== undefined) this.remove(message.messageId);
    return message;
  }

  counts(): QueueCounts {
    this.promote();
    const hidden = [...this.messages.values()].filter(({ messageId }) => !this.ready.has(messageId));
    const inFlight = hidden.filter(({ receiptHandle }) => receiptHandle !== undefined).length;
    return { visible: this.ready.size, inFlight, delayed: hidden.length - inFlight };
  }

  state(): RegionAdminState['queues'][number] {
    const { visible, inFlight, delayed } = this.counts();
    const [oldest] = this.messages.values();
    const oldestAgeMs = oldest === undefined ? 0 : this.nowMs() - oldest.sentAtMs;
    return { slug: this.plan.slug, visible, inFlight, delayed, oldestAgeMs, dlq: this.deadLetters?.messages.size ?? 0 };
  }

  /** Visible messages in the order in which they became so; a reordered one goes behind a drawn number of others. */
  private inTurn(limit: number): readonly string[] {
    const ids = [...this.ready];
    for (let place = 0; place < Math.min(limit, ids.length - 1); place++) {
      if (this.faults.take('reorder') === undefined) break;
      const other = place + Math.floor(this.faults.random() * (ids.length - place));
      [ids[place], ids[other]] = [ids[other] as string, ids[place] as string];
    }
    return ids;
  }

  /** There first, then gone here: a kill between the two leaves it twice, never nowhere. */
  private giveUp(message: StoredMessage): void {
    if (this.deadLetters === undefined)
      throw new Error(`queue ${this.plan.name} gives up into a queue that is not there`);
    this.deadLetters.takeOver(message, this.plan.arn);
    this.remove(message.messageId);
  }

  private heldBy(receiptHandle: string): StoredMessage | undefined {
    const message = this.messages.get(receiptHandle.split('.')[0] ?? '');
    return message?.receiptHandle === receiptHandle ? message : undefined;
  }

  private put(messages: readonly StoredMessage[]): void {
    const nowMs = this.nowMs();
    for (const message of messages) {
      this.messages.set(message.messageId, message);
      if (message.visibleAtMs <= nowMs) this.ready.add(message.messageId);
      else this.hidden.add(message.visibleAtMs, message.messageId);
    }
    this.log.append(messages, this.messages);
    if (messages.length > 0) this.wake();
  }

  private remove(messageId: string): void {
    const gone: Change = { messageId, gone: true };
    this.messages.delete(messageId);
    this.ready.delete(messageId);
    this.log.append([gone], this.messages);
  }

  /** A moment that has come may be of an earlier state of its message: only the message itself says when it can be seen. */
  private promote(): void {
    const nowMs = this.nowMs();
    for (const messageId of this.hidden.take(nowMs, Number.POSITIVE_INFINITY)) {
      const message = this.messages.get(messageId);
      if (message !== undefined && message.visibleAtMs <= nowMs) this.ready.add(messageId);
    }
  }

  private woken(withinMs: number, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        stop.removeEventListener('abort', wake);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.max(1, withinMs));
      stop.addEventListener('abort', wake, { once: true });
      this.wakers.add(wake);
    });
  }
}
