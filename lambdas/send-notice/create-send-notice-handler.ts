// Owns the worker of the queue `notices`: a fact becomes a message for each open channel, and each of those is told for itself.
// Leaves to domain/notice.ts what is told, to shared/queue-worker.ts work that must wait. Money never waits for it.
import { noticeOf } from '../domain/notice.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Notifier } from '../ports/notifier.ts';
import { type Breaker, createBreaker } from '../shared/breaker.ts';
import { decodeNotice, encodeNotice, type NoticeChannel, type NoticeMessage } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { openedOnce } from '../shared/opened-once.ts';
import { WORK } from '../shared/policies.ts';
import { createQueueWorker, type QueueHandler, type QueueWorkerDeps } from '../shared/queue-worker.ts';

export interface Channel {
  /** With its key, which may not be there to be read: asked once a worker. */
  readonly open: () => Promise<Notifier>;
  readonly breaker: Breaker;
}

export interface SendNoticeDeps extends Omit<QueueWorkerDeps, 'breakers'> {
  readonly ledger: Pick<EventLog, 'readFact'>;
  readonly ledgerBreaker: Breaker;
  /** The channels that are open. */
  readonly channels: Readonly<Partial<Record<NoticeChannel, Channel>>>;
}

export const createSendNoticeHandler = (given: SendNoticeDeps): QueueHandler => {
  const channels = Object.entries(given.channels).map(([name, { open, breaker }]) => {
    // One each: the key that one channel waits for is nothing to another.
    const secrets = createBreaker('secrets', given);
    const opened = openedOnce(open, { breaker: secrets, telemetry: given.telemetry });
    return { breakers: [secrets, breaker], entry: [name, { open: opened, breaker }] as const };
  });
  const deps: SendNoticeDeps = { ...given, channels: Object.fromEntries(channels.map(({ entry }) => entry)) };
  return createQueueWorker(
    { ...deps, breakers: [deps.ledgerBreaker, ...channels.flatMap(({ breakers }) => breakers.map(forItself))] },
    {
      policy: WORK.notices,
      decode: decodeNotice,
      work: (message) => (message.channel === undefined ? fanOut(deps, message) : tell(deps, message, message.channel)),
      describe: ({ accountId, key, channel }) => ({ accountId, factKey: key, reason: channel }),
    },
  );
};

/** One channel that is away, or whose key is, must not hold back what goes another way: its own messages learn it when they are told. */
const forItself = (breaker: Breaker): Breaker => ({ ...breaker, isPaused: () => false });

/** A message a channel: what one has taken is never told there again because another failed. */
const fanOut = async ({ channels, queue }: SendNoticeDeps, { position }: NoticeMessage): Promise<void> => {
  const open = Object.keys(channels) as NoticeChannel[];
  const { failed } = await queue.send(open.map((channel) => ({ body: encodeNotice(position, channel) })));
  if (failed.length > 0) throw new Error(`${failed.length} of ${open.length} channels got no message`);
};

const tell = async (deps: SendNoticeDeps, message: NoticeMessage, name: NoticeChannel): Promise<void> => {
  const channel = deps.channels[name];
  // Closed since the message was sent: nobody is there to be told.
  if (channel === undefined) return;
  const { accountId, key } = message;
  const fact = await deps.ledgerBreaker.execute(() => deps.ledger.readFact(accountId, key));
  if (fact === undefined) throw new Error('the ledger holds no such fact');
  const notice = noticeOf(fact);
  if (notice === undefined) return;
  const notifier = await channel.open();
  const delivery = await channel.breaker.execute(() => notifier.deliver(notice));
  if (delivery === 'delivered') deps.telemetry.count(METRICS.noticesDelivered);
  if (delivery === 'undeliverable') {
    deps.telemetry.count(METRICS.noticesUndeliverable);
    deps.telemetry.warn('notice refused for good', { accountId, factKey: key, reason: name });
  }
};
