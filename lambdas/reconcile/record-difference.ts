// Owns how a difference gets into the ledger: once, whichever Region finds it and however often.
// Leaves to domain/decide-difference.ts the fact.
import { decide } from '../domain/decide.ts';
import type { Difference } from '../domain/difference.ts';
import { type AccountId, accountId, commandId, jurisdictionOf } from '../domain/ids.ts';
import { differenceStream, paymentStream } from '../domain/keys.ts';
import type { Currency } from '../domain/money.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import { appendDecision } from '../shared/append-decision.ts';
import { METRICS } from '../shared/metric-names.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface RecordDeps {
  readonly region: string;
  readonly jurisdiction: string;
  readonly ledger: EventLog;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Where differences stand that are of no payment: a partition of the ledger that is nobody's account. */
export const unassigned = (jurisdiction: string): AccountId => {
  const id = accountId(`${jurisdiction}_reconciliation`);
  if (id === undefined) throw new RangeError(`jurisdiction ${jurisdiction} makes no account id`);
  return id;
};

/** The account of this jurisdiction that a processor names; undefined for anything else. */
export const accountOf = (given: string | undefined, jurisdiction: string): AccountId | undefined => {
  const id = given === undefined ? undefined : accountId(given);
  return id !== undefined && jurisdictionOf(id) === jurisdiction ? id : undefined;
};

/** True when it was not there yet. @throws LedgerUnavailable; Error when the ledger does not take it */
export const recordDifference = async (
  { region, jurisdiction, ledger, clock, telemetry }: RecordDeps,
  difference: Difference,
  { accountId: account, currency }: { readonly accountId: AccountId; readonly currency: Currency },
): Promise<boolean> => {
  const { kind, window, reference, paymentId } = difference;
  const command = commandId({
    jurisdiction,
    accountId: account,
    path: `reconciliation/${window}`,
    idempotencyKey: `${kind} ${reference}`,
  });
  const stream = paymentId === undefined ? differenceStream(command) : paymentStream(paymentId);
  const result = await appendDecision(ledger, { accountId: account, stream }, (facts) =>
    decide(facts, {
      type: 'RecordDifference',
      commandId: command,
      // Not the amounts: what is found again another day, after more has happened, is the same difference.
      body: { kind, window, reference },
      region,
      nowMs: clock.nowMs(),
      accountId: account,
      currency,
      difference,
    }),
  );
  if (result.kind === 'rejected') throw new Error(`${kind} ${reference} cannot be recorded: ${result.detail}`);
  if (result.kind === 'replay') return false;
  telemetry.count(METRICS.reconciliationDifferences);
  telemetry.warn('difference found', { accountId: account, factKey: stream, reason: kind });
  return true;
};
