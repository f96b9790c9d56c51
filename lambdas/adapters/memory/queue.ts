// Owns the twin of a queue in memory: it keeps what was sent, for tests to look at and to hand on.
// Leaves delivery, visibility and redrive to the queues of a running Region.
import { checkMessage, type Queue, type QueueMessage } from '../../ports/queue.ts';

export class MemoryQueue implements Queue {
  /** In the order in which they were sent. */
  readonly sent: QueueMessage[] = [];

  async send(messages: readonly QueueMessage[]): Promise<{ readonly failed: readonly number[] }> {
    for (const message of messages) checkMessage(message);
    this.sent.push(...messages);
    return { failed: [] };
  }
}
