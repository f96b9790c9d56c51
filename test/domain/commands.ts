// Owns commands on one account for tests, and the facts that the rules make of them.
// Leaves to the tests what must come of them, to histories.ts random ones.
import type {
  AdjustAccount,
  Command,
  CreditBill,
  DeclinePayment,
  IssueBill,
  OpenAccount,
  PostPayment,
  RefundPayment,
  ReissueBill,
  ReverseFact,
} from '../../lambdas/domain/commands.ts';
import { decide } from '../../lambdas/domain/decide.ts';
import type { Decision } from '../../lambdas/domain/decision.ts';
import type { AccountOpened, Fact } from '../../lambdas/domain/facts.ts';
import { accountId, type BillId, commandId, isoDate, period } from '../../lambdas/domain/ids.ts';
import { currency, minor } from '../../lambdas/domain/money.ts';

export const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('a test needs a value here, got undefined');
  return value;
};

/** 2026-10-15T12:00:00.000Z */
export const NOON_MS = 1_792_065_600_000;
export const ACCOUNT_ID = must(accountId('us_1001'));
const USD = must(currency('USD'));

/** `key`: the idempotency key, one for each kind of command unless told. `body`: what the client sent under it. */
export interface Sent {
  readonly key?: string;
  readonly body?: unknown;
  readonly nowMs?: number;
}

const base = (path: string, { key = 'k', body = {}, nowMs = NOON_MS }: Sent) => ({
  commandId: commandId({ jurisdiction: 'us', accountId: ACCOUNT_ID, path, idempotencyKey: key }),
  body,
  region: 'us-east-1',
  nowMs,
});

/** @throws Error when the decision appends nothing */
export const appended = (decision: Decision): Fact => {
  if (decision.kind === 'append') return decision.fact;
  throw new Error(`a fact was expected, got ${decision.kind === 'rejected' ? decision.reason : decision.kind}`);
};

/** The stream that the commands make, one after the other. */
export const streamOf = (...commands: readonly Command[]): readonly Fact[] => {
  const facts: Fact[] = [];
  for (const command of commands) facts.push(appended(decide(facts, command)));
  return facts;
};

export const openAccount = (sent: Sent = {}): OpenAccount => ({
  ...base('/accounts', { nowMs: NOON_MS - 60_000, ...sent }),
  type: 'OpenAccount',
  accountId: ACCOUNT_ID,
  currency: USD,
  timeZone: 'America/New_York',
});

/** Opened a minute before noon. */
export const account = appended(decide([], openAccount())) as AccountOpened;

export const pay = (amountMinor: bigint, sent: Sent = {}): PostPayment => ({
  ...base('/payments', sent),
  type: 'PostPayment',
  account,
  amountMinor: minor(amountMinor),
  currency: USD,
  method: 'card',
});

export const refund = (amountMinor: bigint, sent: Sent = {}): RefundPayment => ({
  ...base('/refunds', sent),
  type: 'RefundPayment',
  account,
  amountMinor: minor(amountMinor),
  reason: 'paid twice',
});

export const decline = (sent: Sent = {}): DeclinePayment => ({
  ...base('/decline', sent),
  type: 'DeclinePayment',
  account,
  reason: 'no funds',
});

export const reverse = (reversedOrdinal: number, sent: Sent = {}): ReverseFact => ({
  ...base(`/reversals/${reversedOrdinal}`, sent),
  type: 'ReverseFact',
  account,
  reversedOrdinal,
  reason: 'entered by mistake',
});

export const adjust = (amountMinor: bigint, sent: Sent = {}): AdjustAccount => ({
  ...base('/adjustments', sent),
  type: 'AdjustAccount',
  account,
  amountMinor: minor(amountMinor),
  reason: 'goodwill',
});

/** Due on the 28th of the period, one line an amount. */
export const issueBill = (ofPeriod: string, amountsMinor: readonly bigint[], sent: Sent = {}): IssueBill => ({
  ...base(`/bills/${ofPeriod}`, sent),
  type: 'IssueBill',
  account,
  period: must(period(ofPeriod)),
  dueDate: must(isoDate(`${ofPeriod}-28`)),
  lines: amountsMinor.map((amount, index) => ({ description: `Line ${index + 1}`, amountMinor: minor(amount) })),
});

export const reissueBill = (id: string, amountsMinor: readonly bigint[], sent: Sent = {}): ReissueBill => ({
  ...base(`/bills/${id}/rebills`, sent),
  type: 'ReissueBill',
  account,
  billId: id as BillId,
  dueDate: must(isoDate('2026-12-28')),
  usage: { usageWh: 7_000, quality: 'actual' },
  lines: amountsMinor.map((amount, index) => ({ description: `Line ${index + 1}`, amountMinor: minor(amount) })),
  reason: 'wrong reading',
});

export const creditBill = (id: string, sent: Sent = {}): CreditBill => ({
  ...base(`/bills/${id}/credit-notes`, sent),
  type: 'CreditBill',
  account,
  billId: id as BillId,
  reason: 'wrong reading',
});
