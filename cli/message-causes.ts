// Owns what a dead letter tells of why it is one: whether this version can read it, and whose it is.
// Leaves the error itself to the worker's log: SQS does not keep it with the message.
import { decodeIntake } from '../lambdas/domain/readings/intake.ts';
import { decodeArchive, decodeBillRun, decodeNotice, decodeSettlement } from '../lambdas/shared/messages.ts';
import { QUEUE_WORKERS, type QueueSlug } from '../lambdas/shared/names.ts';
import type { DeadLetter } from './dead-letters.ts';

/** What a message is about, for the operator to look for in the log. Undefined for one that this version cannot read. */
const subjectOf = (queue: QueueSlug, body: string): string | undefined => {
  switch (queue) {
    case 'settlements':
      return decodeSettlement(body)?.accountId;
    case 'notices':
      return decodeNotice(body)?.accountId;
    case 'bill-runs':
      return decodeBillRun(body)?.accountId;
    case 'intake':
      return batchOf(body);
    case 'archive':
      return sealOf(body);
  }
};

const sealOf = (body: string): string | undefined => {
  const seal = decodeArchive(body);
  return seal && `seal ${seal.ordinal} of bucket ${seal.bucket}`;
};

const batchOf = (body: string): string | undefined => {
  try {
    return decodeIntake(body).batchId;
  } catch {
    return undefined;
  }
};

const SUBJECTS_SHOWN = 5;

/** One line a cause, with how many and the first subjects. */
export const causesOf = (queue: QueueSlug, letters: readonly DeadLetter[]): readonly string[] => {
  const subjects = letters.map(({ body }) => subjectOf(queue, body));
  const readable = subjects.filter((subject) => subject !== undefined);
  const unreadable = letters.length - readable.length;
  const named = [...new Set(readable)];
  const shown = named.slice(0, SUBJECTS_SHOWN).join(', ') + (named.length > SUBJECTS_SHOWN ? ', …' : '');
  return [
    ...(readable.length === 0
      ? []
      : [`${readable.length} readable: ${QUEUE_WORKERS[queue]} failed on what they point to (${shown})`]),
    ...(unreadable === 0 ? [] : [`${unreadable} unreadable: this version would fail on them again`]),
  ];
};
