// Owns `GET /v1/accounts/{accountId}/bills/{billId}`: the document as issued, and its status now.
// Leaves to domain/bills.ts what is paid.
import { billStatus } from '../domain/bills.ts';
import { type BillState, foldBill } from '../domain/fold.ts';
import { type Period, parseBillId } from '../domain/ids.ts';
import { billStream } from '../domain/keys.ts';
import { outstandingOnBills } from '../domain/sums.ts';
import { billBody } from '../shared/fact-answers.ts';
import { pathParameter } from '../shared/http/event.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { AccountRoute } from './account-route.ts';
import type { AccountView } from './account-view.ts';
import { type BillPeriod, billPeriods } from './bill-periods.ts';

interface BillQuery {
  readonly period: Period;
  readonly revision: number;
}

export const getBill: AccountRoute<BillQuery> = {
  notFound: 'bill-not-found',
  revalidates: true,
  query: (event) => {
    const query = parseBillId(pathParameter(event, 'billId'));
    if (query === undefined) throw new Refusal('bill-not-found', 'A bill id looks like bill_2026-10_r1');
    return query;
  },
  stream: ({ period }) => billStream(period),
  read: async (view, { period, revision }) => {
    const outstandingMinor = outstandingOnBills(await view.sums());
    const { bill, newest, newerInForceMinor } = await stateOf(view, period, outstandingMinor);
    const issued = bill?.revisions.find(({ fact }) => fact.revision === revision);
    if (issued === undefined) return undefined;
    return {
      body: { ...billBody(issued.fact), status: billStatus(issued, newerInForceMinor, outstandingMinor) },
      newest,
    };
  },
};

/** The bill of a period, and what the bills in force of later ones ask for: all of it, or enough to cover what is outstanding. Older bills are paid then. */
const stateOf = async (
  view: AccountView,
  period: Period,
  outstandingMinor: bigint,
): Promise<Omit<BillPeriod, 'bill'> & { readonly bill: BillState | undefined }> => {
  let newerInForceMinor = 0n;
  if (outstandingMinor > 0n) {
    for await (const one of billPeriods(view, period)) {
      // The last that is read: most payers look at their newest bill, which is the first as well.
      if (one.bill.latest.period === period) return one;
      newerInForceMinor = one.newerInForceMinor;
      if (newerInForceMinor >= outstandingMinor) break;
    }
  }
  const facts = await view.stream(billStream(period));
  return { bill: foldBill(facts), newest: facts.at(-1), newerInForceMinor };
};
