// Owns which bills are paid: payments serve bills oldest period first, so what is outstanding rests on the newest ones.
// Leaves to the lookup how many bills it must read; it can stop once what is outstanding is covered.
import type { BillRevision } from './facts.ts';
import type { IsoDate } from './ids.ts';

export type BillStatus = 'open' | 'paid' | 'credited';

/**
 * The unpaid ones among bills in force given newest period first, newest first.
 * `outstandingMinor`: what of all bills in force nobody has paid (sums.ts). `restMinor` is what the bills given do not cover: while
 * it is positive, older bills are unpaid too and must be read.
 */
export const unpaidBills = (
  inForceNewestFirst: readonly BillRevision[],
  outstandingMinor: bigint,
): { readonly unpaid: readonly BillRevision[]; readonly restMinor: bigint } => {
  const unpaid: BillRevision[] = [];
  let restMinor = outstandingMinor;
  for (const bill of inForceNewestFirst) {
    if (restMinor <= 0n) break;
    // A bill in the payer's favour is a credit like a payment, which serves the oldest: it is in `outstandingMinor` already.
    if (bill.totalMinor <= 0n) continue;
    unpaid.push(bill);
    restMinor -= bill.totalMinor;
  }
  return { unpaid, restMinor: restMinor > 0n ? restMinor : 0n };
};

/** What a bill in force asks of the payer, in minor units: nothing when it is in their favour, see unpaidBills. */
export const askedBy = ({ totalMinor }: BillRevision): bigint => (totalMinor > 0n ? totalMinor : 0n);

/** `newerInForceMinor`: what the bills in force of later periods ask for. A bill over nothing is paid. */
export const billStatus = (
  bill: { readonly fact: BillRevision; readonly undone: boolean },
  newerInForceMinor: bigint,
  outstandingMinor: bigint,
): BillStatus => {
  if (bill.undone) return 'credited';
  return outstandingMinor > newerInForceMinor ? issuedStatus(bill.fact) : 'paid';
};

/** Of the fact alone, whatever has been paid: a bill that asks for nothing is paid as it is issued. */
export const issuedStatus = (bill: BillRevision): 'open' | 'paid' => (askedBy(bill) > 0n ? 'open' : 'paid');

/** Of the earliest unpaid bill; undefined when all are paid. */
export const nextDueDate = (unpaidNewestFirst: readonly BillRevision[]): IsoDate | undefined =>
  unpaidNewestFirst.at(-1)?.dueDate;
