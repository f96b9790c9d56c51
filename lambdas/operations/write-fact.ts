// Owns the way of an operator's command to a fact: its stream read strongly, what is stored under its key first, then the rules.
// Leaves to append-decision.ts the races, to domain/decide.ts the rules.
import type { Command } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import type { AccountOpened, Fact } from '../domain/facts.ts';
import type { CommandId } from '../domain/ids.ts';
import type { StreamId } from '../domain/keys.ts';
import type { EventLog } from '../ports/event-log.ts';
import { appendDecision } from '../shared/append-decision.ts';
import { created } from '../shared/fact-answers.ts';
import { replayed, requireSameBody, requireValid } from '../shared/http/idempotency.ts';
import type { KeyedRequest } from '../shared/http/keyed-request.ts';
import { refusalOf } from '../shared/http/rejection.ts';
import type { Reply } from '../shared/http/reply.ts';
import { READS } from '../shared/policies.ts';
import type { OperationsDeps } from './operations-deps.ts';

/** What every command of an operator brings along, whatever it asks for. */
export interface CommandContext {
  readonly account: AccountOpened;
  readonly commandId: CommandId;
  readonly body: unknown;
  readonly region: string;
  readonly nowMs: number;
}

/** @throws Refusal for every way the command is not granted. @throws LedgerUnavailable, CorruptFact */
export const writeFact = async <T>(
  { ledger, region, clock }: OperationsDeps,
  account: AccountOpened,
  stream: StreamId,
  request: KeyedRequest<T>,
  toCommand: (value: T, context: CommandContext) => Command,
  /** What must be there at all, looked at before what is wrong with the body. @throws Refusal 404 */
  requireStream: (facts: readonly Fact[]) => void = () => {},
): Promise<Reply> => {
  const result = await appendDecision(ledger, { accountId: account.accountId, stream }, (facts) => {
    const own = facts.find(({ commandId }) => commandId === request.commandId);
    if (own !== undefined) return { kind: 'replay', fact: own };
    requireStream(facts);
    const { commandId, body } = request;
    const context = { account, commandId, body, region, nowMs: clock.nowMs() };
    return decide(facts, toCommand(requireValid(request), context));
  });
  if (result.kind === 'rejected') throw refusalOf(result);
  return result.kind === 'replay' ? replayFact(result.fact, request) : created(result.fact);
};

/** @throws Refusal 422 when the fact came from another body. */
export const replayFact = (stored: Fact, request: KeyedRequest<unknown>): Reply => {
  requireSameBody(stored, request);
  return replayed(created(stored));
};

const { pageFacts, maxFacts } = READS.commandSearch;

/**
 * The fact of `commandId` in the account, wherever it is, up to the key `before`. Where the body names the stream, the same
 * key with another body would look into another stream and find nothing there.
 */
export const findCommand = async (
  ledger: Pick<EventLog, 'readAccount'>,
  { accountId }: AccountOpened,
  commandId: CommandId,
  before: string,
): Promise<Fact | undefined> => {
  let next: { readonly cursor?: string } = {};
  for (let searched = 0; searched < maxFacts; searched += pageFacts) {
    const { facts, cursor } = await ledger.readAccount(accountId, { limit: pageFacts, ...next });
    const found = facts.find((fact) => fact.commandId === commandId);
    const isPast = facts.some(({ stream }) => stream >= before);
    if (found !== undefined || cursor === undefined || isPast) return found;
    next = { cursor };
  }
  return undefined;
};
