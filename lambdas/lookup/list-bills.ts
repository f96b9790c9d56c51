// Owns `GET /v1/accounts/{accountId}/bills`: a page of bills, newest period first, every revision of a period together.
// Leaves to domain/bills.ts what is paid.
import { billStatus } from '../domain/bills.ts';
import type { BillRevision } from '../domain/facts.ts';
import { period } from '../domain/ids.ts';
import { outstandingOnBills } from '../domain/sums.ts';
import { billBody } from '../shared/fact-answers.ts';
import { pathParameter } from '../shared/http/event.ts';
import { billsQuery, DEFAULT_BILLS } from '../shared/schemas/queries.ts';
import type { AccountRoute } from './account-route.ts';
import { billPeriods } from './bill-periods.ts';
import { decodeCursor, encodeCursor, readQuery, wrongCursor } from './read-query.ts';

interface BillsQuery {
  /** Periods. */
  readonly limit: number;
  readonly list: readonly string[];
  /** The last period of the page before. */
  readonly after?: string;
}

export const listBills: AccountRoute<BillsQuery> = {
  query: (event) => {
    const { limit, cursor } = readQuery(event, billsQuery);
    const list = ['bills', pathParameter(event, 'accountId')];
    const query = { list, limit: limit === undefined ? DEFAULT_BILLS : Number(limit) };
    if (cursor === undefined) return query;
    const [after = '', ...rest] = decodeCursor(cursor, list);
    if (period(after) === undefined || rest.length > 0) throw wrongCursor();
    return { ...query, after };
  },
  read: async (view, { limit, list, after }) => {
    const outstandingMinor = outstandingOnBills(await view.sums());
    const periods = new Set<string>();
    const issued: BillRevision[] = [];
    const bills: object[] = [];
    // From the newest on every page: whether a bill is paid depends on all that are newer.
    for await (const { bill, newerInForceMinor } of billPeriods(view)) {
      if (after !== undefined && bill.latest.period >= after) continue;
      if (periods.size === limit) return page(bills, issued, encodeCursor(list, [[...periods].at(-1) ?? '']));
      periods.add(bill.latest.period);
      for (const revision of bill.revisions.toReversed()) {
        issued.push(revision.fact);
        bills.push({ ...billBody(revision.fact), status: billStatus(revision, newerInForceMinor, outstandingMinor) });
      }
    }
    return page(bills, issued, null);
  },
};

const page = (bills: readonly object[], [newest]: readonly BillRevision[], nextCursor: string | null) => ({
  body: { bills, nextCursor },
  newest,
});
