// Owns what follows from a fact: which queue hears of it, and how soon in which Region.
// Leaves to the workers to drop what is done already: both Regions dispatch every fact.
import type { Fact, FactType } from '../domain/facts.ts';
import { encodePosition, keyOf } from '../domain/keys.ts';
import type { Queue, QueueMessage } from '../ports/queue.ts';
import { encodeNotice, encodeSettlement } from '../shared/messages.ts';
import { OTHER_REGION_DELAY_SECONDS } from '../shared/policies.ts';

/** What the stream function hands facts to. */
export type DispatchQueue = 'settlements' | 'notices';
export type DispatchQueues = Readonly<Record<DispatchQueue, Queue>>;

/** An older fact comes from a ledger that was rebuilt in a new table: its payer was told long ago. */
const STREAM_KEEPS_MS = 24 * 60 * 60_000;

/** Facts that are not here have nothing that follows from them. */
const QUEUES_OF: Readonly<Partial<Record<FactType, readonly DispatchQueue[]>>> = {
  PaymentAccepted: ['settlements', 'notices'],
  PaymentRefunded: ['settlements', 'notices'],
  // Of a payment: what was collected goes back.
  FactReversed: ['settlements'],
  PaymentSettled: ['notices'],
  PaymentDeclined: ['notices'],
  RefundSettled: ['notices'],
  RefundFailed: ['notices'],
  BillIssued: ['notices'],
  BillReissued: ['notices'],
  CreditNoteIssued: ['notices'],
};

export const queuesOf = (fact: Fact): readonly DispatchQueue[] => {
  const queues = QUEUES_OF[fact.type] ?? [];
  return fact.stream[0] === 'p' ? queues : queues.filter((queue) => queue !== 'settlements');
};

const isFor = (queue: DispatchQueue, fact: Fact, nowMs: number): boolean =>
  queuesOf(fact).includes(queue) && (queue !== 'notices' || fact.occurredAtMs >= nowMs - STREAM_KEEPS_MS);

const messageFor = (queue: DispatchQueue, fact: Fact, region: string): QueueMessage => ({
  body: queue === 'settlements' ? encodeSettlement(fact) : encodeNotice(encodePosition(fact.accountId, keyOf(fact))),
  delaySeconds: fact.region === region ? 0 : OTHER_REGION_DELAY_SECONDS,
});

/** The places in `facts` of those that some queue did not take for certain: they may be handed in again. */
export const dispatchFacts = async (
  facts: readonly Fact[],
  queues: DispatchQueues,
  { region, nowMs }: { readonly region: string; readonly nowMs: number },
): Promise<readonly number[]> => {
  const failed = await Promise.all(
    Object.entries(queues).map(async ([name, to]) => {
      const queue = name as DispatchQueue;
      const places = [...facts.keys()].filter((place) => isFor(queue, facts[place] as Fact, nowMs));
      const sent = await to.send(places.map((place) => messageFor(queue, facts[place] as Fact, region)));
      return sent.failed.map((index) => places[index] ?? 0);
    }),
  );
  return [...new Set(failed.flat())].sort((a, b) => a - b);
};
