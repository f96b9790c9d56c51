// Owns moving what lies in a DLQ back to where it came from, at a rate, as `redrive` asks for it.
// Leaves to queue.ts the messages. A task ends with its process: what it has not moved still lies in the DLQ.
import { randomUUID } from 'node:crypto';
import type { LocalQueue } from './queue.ts';
import type { Queues } from './queues.ts';

export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly messagesPerSecond?: number;
  readonly startedAtMs: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  failureReason?: string;
}

/** SQS chooses for itself when no rate is given; its highest is this. */
const MAX_PER_SECOND = 500;
const TICK_MS = 20;

export class MoveTasks {
  /** The latest first, as they are listed. */
  private readonly tasks: MoveTask[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly queues: Queues,
    private readonly nowMs: () => number,
  ) {}

  of(sourceArn: string): readonly MoveTask[] {
    return this.tasks.filter((task) => task.sourceArn === sourceArn);
  }

  withHandle(handle: string): MoveTask | undefined {
    return this.tasks.find((task) => task.handle === handle);
  }

  start(source: LocalQueue, options: Pick<MoveTask, 'destinationArn' | 'messagesPerSecond'>): MoveTask {
    const task: MoveTask = {
      ...options,
      handle: randomUUID(),
      sourceArn: source.plan.arn,
      startedAtMs: this.nowMs(),
      toMove: source.counts().visible,
      moved: 0,
      status: 'RUNNING',
    };
    this.tasks.unshift(task);
    const timer = setInterval(() => {
      this.move(task, source);
      if (task.status !== 'RUNNING') this.end(timer);
    }, TICK_MS);
    this.timers.add(timer);
    return task;
  }

  stop(): void {
    for (const timer of this.timers) this.end(timer);
  }

  /** As many as the rate allows by now, in whole; the rate is kept from the task's start on. */
  private move(task: MoveTask, source: LocalQueue): void {
    const { messagesPerSecond = MAX_PER_SECOND, startedAtMs } = task;
    const allowed = Math.ceil(((this.nowMs() - startedAtMs) / 1000) * messagesPerSecond);
    while (task.status === 'RUNNING' && task.moved < Math.min(allowed, task.toMove)) {
      const message = source.takeNext();
      if (message === undefined) break;
      const destination = this.queues.withArn(task.destinationArn ?? message.deadLetterSourceArn ?? '');
      if (destination === undefined) {
        source.send(message.body);
        task.status = 'FAILED';
        task.failureReason = 'CouldNotDetermineMessageSource';
        return;
      }
      // New there: with its own id and age, and no receives.
      destination.send(message.body, 0);
      task.moved += 1;
    }
    if (task.moved >= task.toMove || source.counts().visible === 0) task.status = 'COMPLETED';
  }

  private end(timer: NodeJS.Timeout): void {
    clearInterval(timer);
    this.timers.delete(timer);
  }
}
