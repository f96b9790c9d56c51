// Owns the facts of the accounts that are measured on, decided by the domain itself: an opening, bills, payments.
// Leaves to fill.ts how they get into the tables.

import { decideOpenAccount } from '../../lambdas/domain/decide-account.ts';
import { decideIssueBill } from '../../lambdas/domain/decide-bill.ts';
import { decidePostPayment } from '../../lambdas/domain/decide-payment.ts';
import type { Decision } from '../../lambdas/domain/decision.ts';
import type { AccountOpened, BillIssued, Fact, PaymentAccepted } from '../../lambdas/domain/facts.ts';
import { type AccountId, commandId, type IsoDate, type Period } from '../../lambdas/domain/ids.ts';
import { type Currency, minor } from '../../lambdas/domain/money.ts';
import { JURISDICTION, REGION } from '../engine/tables.ts';

export const accountName = (name: string | number): AccountId => `${JURISDICTION}_${name}` as AccountId;

const CURRENCY = 'USD' as Currency;
const OPENED_AT_MS = Date.UTC(2024, 0, 1);
/** So that a hundred thousand payments are some three years. */
const BETWEEN_PAYMENTS_MS = 900_000;
const FIRST_YEAR = 2024;

/** What a payer's portal sends. */
export const paymentBody = (amountMinor: number) => ({ amountMinor, currency: CURRENCY, method: 'card_on_file' });

const appended = <F extends Fact>(decision: Decision<F>): F => {
  if (decision.kind !== 'append') throw new Error(`the domain refused a fact of the workload: ${decision.kind}`);
  return decision.fact;
};

const base = (accountId: AccountId, what: string, nowMs: number) => ({
  commandId: commandId({ jurisdiction: JURISDICTION, accountId, path: '/bench', idempotencyKey: what }),
  region: REGION,
  nowMs,
});

export const opened = (accountId: AccountId): AccountOpened => {
  const body = { accountId, currency: CURRENCY, timeZone: 'America/New_York' };
  return appended(
    decideOpenAccount([], { type: 'OpenAccount', ...base(accountId, 'open', OPENED_AT_MS), ...body, body }),
  );
};

export const billPeriod = (n: number): Period =>
  `${FIRST_YEAR + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}` as Period;

export const billed = (account: AccountOpened, n: number): BillIssued => {
  const period = billPeriod(n);
  const lines = [
    { description: 'Energy, 412 kWh', amountMinor: minor(6_180) },
    { description: 'Service charge', amountMinor: minor(1_500) },
    { description: 'Taxes', amountMinor: minor(461) },
  ];
  const command = base(account.accountId, `bill ${period}`, OPENED_AT_MS + 1_000 + n);
  const rest = { period, dueDate: `${period}-28` as IsoDate, lines };
  return appended(decideIssueBill([], { type: 'IssueBill', ...command, account, body: {}, ...rest }));
};

export const paid = (account: AccountOpened, n: number): PaymentAccepted => {
  const body = paymentBody(100 + (n % 10_000));
  const command = base(account.accountId, `payment ${n}`, OPENED_AT_MS + BETWEEN_PAYMENTS_MS * (n + 1));
  const amounts = { ...body, amountMinor: minor(body.amountMinor) };
  return appended(decidePostPayment([], { type: 'PostPayment', ...command, account, body, ...amounts }));
};

/** `size` facts in all: the opening, `bills` bills, and payments for the rest. */
export function* historyOf(account: AccountOpened, { size, bills }: { size: number; bills: number }): Iterable<Fact> {
  yield account;
  for (let n = 0; n < bills; n++) yield billed(account, n);
  for (let n = 0; n < size - bills - 1; n++) yield paid(account, n);
}
