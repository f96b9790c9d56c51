// Owns where a function finds the queues of its Region: by name, as everything finds everything here.
// Leaves to the construct work-queue that they are there, and to the role who may send.
import { setting } from './env.ts';
import { type QueueSlug, queueName } from './names.ts';

/** @throws Error naming the variable that the function's template lacks */
export const queueUrl = (queue: QueueSlug): string =>
  `${setting('queueUrlBase')}${queueName(setting('jurisdiction'), queue)}`;
