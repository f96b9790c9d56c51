// Owns `GET /v1/accounts/{accountId}/bills/{billId}`: the document as issued, and its status now.
// Leaves to domain/bills.ts what is paid.
import { billStatus } from '../domain/bills.ts';
import { foldBill } from '../domain/fold.ts';
import { type Period, parseBillId } from '../domain/ids.ts';
import { billStream } from '../domain/keys.ts';
import { outstandingOnBills } from '../domain/sums.ts';
import { billBody } from '../shared/fact-answers.ts';
import { pathParameter } from '../shared/http/event.ts';
import { Refusal } from '../shared/http/problem.ts';
import type { AccountRoute } from './account-route.ts';
import type { AccountView } from './account-view.ts';
import { billPeriods } from './bill-periods.ts';

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
    const [facts, newerMinor] = await Promise.all([
      view.stream(billStream(period)),
      newerInForce(view, period, outstandingMinor),
    ]);
    const issued = foldBill(facts)?.revisions.find(({ fact }) => fact.revision === revision);
    if (issued === undefined) return undefined;
    return {
      body: { ...billBody(issued.fact), status: billStatus(issued, newerMinor, outstandingMinor) },
      newest: facts.at(-1),
    };
  },
};

/** What the bills in force of later periods ask for, or what is outstanding as soon as they cover it: older ones are paid then. */
const newerInForce = async (view: AccountView, period: Period, outstandingMinor: bigint): Promise<bigint> => {
  let newerMinor = 0n;
  for await (const { bill, newerInForceMinor } of billPeriods(view)) {
    newerMinor = newerInForceMinor;
    if (bill.latest.period <= period || newerMinor >= outstandingMinor) break;
  }
  return newerMinor;
};
