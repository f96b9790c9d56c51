// Owns the walk over an account's bills, newest period first, a period at a time, no further than the answer needs.
// Leaves to domain/bills.ts which of them are paid.
import { askedBy, unpaidBills } from '../domain/bills.ts';
import type { BillRevision, Fact } from '../domain/facts.ts';
import { type BillState, foldBill } from '../domain/fold.ts';
import type { Period } from '../domain/ids.ts';
import type { AccountView } from './account-view.ts';

export interface BillPeriod {
  readonly bill: BillState;
  /** The last fact of the bill's stream. */
  readonly newest: Fact | undefined;
  /** What the bills in force of later periods ask for, in minor units. */
  readonly newerInForceMinor: bigint;
}

/** Each period that has a bill, down to `downTo`; the facts of one come together, since they share a stream. */
export async function* billPeriods(view: AccountView, downTo?: Period): AsyncIterable<BillPeriod> {
  let newerInForceMinor = 0n;
  for await (const facts of streams(view.bills(downTo))) {
    const bill = foldBill(facts);
    if (bill === undefined) continue;
    yield { bill, newest: facts[0], newerInForceMinor };
    if (bill.open !== undefined) newerInForceMinor += askedBy(bill.open);
  }
}

/** Bills in force that nobody has paid, newest first; older ones are not read once what is outstanding is covered. */
export const unpaidOf = async (view: AccountView, outstandingMinor: bigint): Promise<readonly BillRevision[]> => {
  const inForce: BillRevision[] = [];
  if (outstandingMinor === 0n) return [];
  for await (const { bill, newerInForceMinor } of billPeriods(view)) {
    if (newerInForceMinor >= outstandingMinor) break;
    if (bill.open !== undefined) inForce.push(bill.open);
  }
  return unpaidBills(inForce, outstandingMinor).unpaid;
};

async function* streams(facts: AsyncIterable<Fact>): AsyncIterable<readonly Fact[]> {
  let together: Fact[] = [];
  for await (const fact of facts) {
    if (together[0] !== undefined && together[0].stream !== fact.stream) {
      yield together;
      together = [];
    }
    together.push(fact);
  }
  if (together.length > 0) yield together;
}
