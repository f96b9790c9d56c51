// Owns the write loop of every command that continues a stream: read it strongly, decide, put at the next ordinal, start over when the race is lost.
// Leaves to domain/decide.ts the decision and to the event log the put.
import type { Decision, Rejection } from '../domain/decision.ts';
import type { Fact } from '../domain/facts.ts';
import type { AccountId } from '../domain/ids.ts';
import type { StreamId } from '../domain/keys.ts';
import { type EventLog, LedgerUnavailable } from '../ports/event-log.ts';
import { fullJitter, type Pacing } from './pacing.ts';
import { RETRIES } from './policies.ts';

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly fact: Fact }
  /** The stream holds the command's own fact from before. */
  | { readonly kind: 'replay'; readonly fact: Fact }
  | ({ readonly kind: 'rejected' } & Rejection);

const { tries: APPEND_TRIES } = RETRIES.lostRace;
const PACING = fullJitter(RETRIES.lostRace);

/**
 * `decide` is given every fact of the stream by ordinal and is called again, with what is there by then, after a lost race.
 * @throws LedgerUnavailable as the event log does, and `not-attempted` for `conflict` after APPEND_TRIES lost races.
 */
export const appendDecision = async (
  eventLog: EventLog,
  { accountId, stream }: { readonly accountId: AccountId; readonly stream: StreamId },
  decide: (facts: readonly Fact[]) => Decision,
  pacing: Pacing = PACING,
): Promise<AppendOutcome> => {
  for (let attempt = 1; attempt <= APPEND_TRIES; attempt++) {
    const decision = decide(await eventLog.readStream(accountId, stream));
    if (decision.kind !== 'append') return decision;
    const result = await eventLog.append(decision.fact);
    if (result.kind === 'appended') return { kind: 'appended', fact: decision.fact };
    if (attempt < APPEND_TRIES) await pacing.pause(attempt);
  }
  throw new LedgerUnavailable(
    'not-attempted',
    `stream ${stream} of account ${accountId} was taken by another writer ${APPEND_TRIES} times: retry with the same key`,
    'conflict',
  );
};
