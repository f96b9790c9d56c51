// Owns what a bill run does for one account: the bill of the period, if it never had one and its usage is known.
// Leaves to shared/rated-usage.ts the lines. What an operator has credited or reversed is never billed again by a run.
import { decide } from '../domain/decide.ts';
import { dueAfter } from '../domain/due-date.ts';
import type { AccountOpened } from '../domain/facts.ts';
import { commandId } from '../domain/ids.ts';
import { billStream } from '../domain/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Accounts } from '../shared/accounts.ts';
import { appendDecision } from '../shared/append-decision.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { BillRunMessage } from '../shared/messages.ts';
import { type IssuableUsage, issuableUsage, type UsageSources } from '../shared/rated-usage.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface IssueBillsDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly ledger: EventLog;
  readonly accounts: Pick<Accounts, 'require'>;
  readonly usage: UsageSources;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** `done`: the period was billed before. `held-back`: its usage or tariff is missing; the next run looks again. */
export type BillOutcome = 'issued' | 'done' | 'held-back';

/** @throws whatever keeps the ledger or the tables from answering: the message must come again */
export const issueAccountBill = async (deps: IssueBillsDeps, message: BillRunMessage): Promise<BillOutcome> => {
  const { ledger, region, clock } = deps;
  const { accountId, period } = message;
  const account = await deps.accounts.require(accountId);
  const stream = billStream(period);
  if ((await ledger.readStream(accountId, stream)).length > 0) return 'done';
  const content = await contentOf(deps, account, message);
  if (content === undefined) return 'held-back';
  const result = await appendDecision(ledger, { accountId, stream }, (facts) => {
    const [first] = facts;
    if (first !== undefined) return { kind: 'replay', fact: first };
    const nowMs = clock.nowMs();
    const dueDate = dueAfter(nowMs, account.timeZone);
    return decide(facts, {
      ...commandOf(deps, message),
      type: 'IssueBill',
      region,
      nowMs,
      account,
      period,
      dueDate,
      ...content,
    });
  });
  if (result.kind === 'rejected') throw new Error(`${result.reason}: ${result.detail}`);
  return result.kind === 'appended' ? 'issued' : 'done';
};

/** The same in every run and Region: whichever comes second finds the first one's bill. */
const commandOf = ({ jurisdiction }: IssueBillsDeps, { accountId, period }: BillRunMessage) => ({
  commandId: commandId({ jurisdiction, accountId, path: `/bill-runs/${period}`, idempotencyKey: period }),
  body: { period },
});

const contentOf = async (
  { usage, telemetry }: IssueBillsDeps,
  account: AccountOpened,
  { accountId, period }: BillRunMessage,
): Promise<IssuableUsage | undefined> => {
  try {
    return await issuableUsage(usage, account, period);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    telemetry.warn('bill held back', { accountId, reason: error.slug });
    return undefined;
  }
};
