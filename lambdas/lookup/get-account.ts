// Owns `GET /v1/accounts/{accountId}`: what the payer owes and by when.
// Leaves to domain/ what is due.

import { nextDueDate } from '../domain/bills.ts';
import { toWire } from '../domain/money.ts';
import { balanceOf, dueOf, outstandingOnBills } from '../domain/sums.ts';
import type { AccountRoute } from './account-route.ts';
import { unpaidOf } from './bill-periods.ts';

export const getAccount: AccountRoute<undefined> = {
  query: () => undefined,
  read: async (view, _, { account }) => {
    const sums = await view.sums();
    const unpaid = await unpaidOf(view, outstandingOnBills(sums));
    return {
      body: {
        accountId: account.accountId,
        currency: account.currency,
        balanceMinor: toWire(balanceOf(sums)),
        dueMinor: toWire(dueOf(sums)),
        nextDueDate: nextDueDate(unpaid) ?? null,
        pendingMinor: toWire(sums.pendingMinor),
      },
    };
  },
};
