// Owns what a decision can be, and what every new fact has in common: its place, its time, its origin.
// Leaves to decide-*.ts the rules of each kind of stream.
import type { Command, ReverseFact } from './commands.ts';
import type { AccountOpened, Fact, FactReversed } from './facts.ts';
import { fingerprint, matchesFingerprint } from './fingerprint.ts';
import { inOrder } from './fold.ts';
import { MAX_ORDINAL, type StreamId } from './keys.ts';
import type { Currency, Minor } from './money.ts';
import { type Counterpart, counterpartOf, postingsOf } from './postings.ts';

export type RejectionReason =
  | 'account-exists'
  | 'already-reversed'
  | 'bill-exists'
  | 'bill-not-found'
  | 'clock-behind'
  | 'currency-mismatch'
  | 'idempotency-key-reuse'
  | 'not-reversible'
  | 'payment-not-found'
  | 'position-not-found'
  | 'refund-exceeds-payment'
  | 'stream-full';

export interface Rejection {
  readonly reason: RejectionReason;
  /** For the client: what was wrong and what was received. */
  readonly detail: string;
}

export type Decision<F extends Fact = Fact> =
  | { readonly kind: 'append'; readonly fact: F }
  | { readonly kind: 'replay'; readonly fact: Fact }
  | ({ readonly kind: 'rejected' } & Rejection);

export const rejected = (reason: RejectionReason, detail: string): Decision<never> => ({
  kind: 'rejected',
  reason,
  detail,
});

/** A fact further ahead of the writer's clock than this is not followed: one of the two clocks is wrong. */
export const MAX_LEAD_MS = 2000;

/** The command's own fact is there already: the same request again, or its key used for another. @throws RangeError, see matchesFingerprint */
export const replayOf = (facts: readonly Fact[], command: Command): Decision<never> | undefined => {
  const own = facts.find((fact) => fact.commandId === command.commandId);
  if (own === undefined) return undefined;
  return matchesFingerprint(own.fingerprint, command.body)
    ? { kind: 'replay', fact: own }
    : rejected('idempotency-key-reuse', 'This key was used for another request: use a new key for a new request');
};

/** A stream that its command's digest names can hold nothing but that command's fact first. @throws Error */
export const requireEmpty = (facts: readonly Fact[], stream: StreamId): void => {
  const [first] = facts;
  if (first !== undefined)
    throw new Error(`stream ${stream} was opened by command ${first.commandId}: it names another`);
};

export interface Place {
  readonly stream: StreamId;
  readonly ordinal: number;
  readonly occurredAtMs: number;
}

/**
 * The next ordinal of the stream, at a time after every fact that was read: `occurredAtMs = max(clock, every fact read + 1)`.
 * `facts` must be the whole stream. @throws Error when it has a hole: a decision on part of a stream could undo the same twice
 */
export const nextPlace = (
  stream: StreamId,
  facts: readonly Fact[],
  read: readonly Fact[],
  nowMs: number,
): Place | (Decision<never> & { readonly kind: 'rejected' }) => {
  const latestMs = Math.max(0, ...facts.map((fact) => fact.occurredAtMs), ...read.map((fact) => fact.occurredAtMs));
  if (latestMs > nowMs + MAX_LEAD_MS) {
    const detail = `A fact is ${latestMs - nowMs} ms ahead of this Region's clock, at most ${MAX_LEAD_MS} are followed`;
    return { kind: 'rejected', reason: 'clock-behind', detail };
  }
  const ordered = inOrder(facts);
  const ordinal = ordered.length;
  const hole = ordered.findIndex((fact, index) => fact.ordinal !== index);
  if (hole >= 0) throw new Error(`stream ${stream} lacks ordinal ${hole}: decide on the whole of it, read strongly`);
  if (ordinal > MAX_ORDINAL) {
    return { kind: 'rejected', reason: 'stream-full', detail: `${stream} has ${ordinal} facts, the most there can be` };
  }
  return { stream, ordinal, occurredAtMs: Math.max(nowMs, latestMs + 1) };
};

/** The fields that every fact takes from its command, account and place. */
export const factBase = (
  command: Pick<Command, 'commandId' | 'body' | 'region'>,
  account: Pick<AccountOpened, 'accountId' | 'currency'>,
  place: Place,
  effectMinor: Minor,
  counterpart: Counterpart | undefined = counterpartOf(place.stream),
) => {
  return {
    schemaVersion: 1 as const,
    accountId: account.accountId,
    stream: place.stream,
    ordinal: place.ordinal,
    occurredAtMs: place.occurredAtMs,
    region: command.region,
    commandId: command.commandId,
    fingerprint: fingerprint(command.body),
    currency: account.currency as Currency,
    postings: counterpart === undefined ? [] : postingsOf(effectMinor, counterpart),
  };
};

/** The fact that undoes another one by `effectMinor`, at the next ordinal of its stream; what may be undone was decided before. */
export const reversalOf = (
  stream: StreamId,
  facts: readonly Fact[],
  command: ReverseFact,
  effectMinor: Minor,
  counterpart: Counterpart | undefined = counterpartOf(stream),
): Decision<FactReversed> => {
  const place = nextPlace(stream, facts, [command.account], command.nowMs);
  if ('kind' in place) return place;
  return {
    kind: 'append',
    fact: {
      ...factBase(command, command.account, place, effectMinor, counterpart),
      type: 'FactReversed',
      reversedOrdinal: command.reversedOrdinal,
      effectMinor,
      reason: command.reason,
    },
  };
};
