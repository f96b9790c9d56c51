// Owns messages that no worker can read: how they come on a queue on demand, and how they are taken back.
// Leaves to the queue's redrive policy when they are given up.
import { randomUUID } from 'node:crypto';
import type { LocalQueue } from './queue.ts';

/** No worker of ours writes it: messages are JSON. */
const POISON = 'poison ';

/** Puts so many on the queue; 0 takes all of them back, from its DLQ too. */
export const poison = (queue: Pick<LocalQueue, 'send' | 'withdraw'>, count: number): void => {
  if (count === 0) queue.withdraw((body) => body.startsWith(POISON));
  for (let n = 0; n < count; n += 1) queue.send(`${POISON}${randomUUID()}`, 0);
};
