// Owns `GET /v1/accounts/{accountId}/bills/preview`: what the bill of a period would be if it were issued now.
// Leaves to shared/rated-usage.ts all of it: the issued bill comes from the same lines. No fact is read but the account's opening.
import { toWire } from '../domain/money.ts';
import type { LimitedRoute } from '../shared/http/limited-route.ts';
import { rateUsage } from '../shared/rated-usage.ts';
import { previewQuery } from '../shared/schemas/queries.ts';
import type { LookupDeps } from './lookup-deps.ts';
import { reachable } from './reachable.ts';
import { readQuery } from './read-query.ts';

export const previewBill =
  (deps: LookupDeps): LimitedRoute =>
  async (event, accountId) => {
    const account = await reachable('not-yet-visible', () => deps.accounts.require(accountId));
    const { period } = readQuery(event, previewQuery);
    const { lines, totalMinor, usageWh, quality } = await rateUsage(deps.usage, account, period);
    return {
      status: 200,
      body: {
        period,
        totalMinor: toWire(totalMinor),
        currency: account.currency,
        lines: lines.map(({ description, amountMinor }) => ({ description, amountMinor: toWire(amountMinor) })),
        usageWh: toWire(usageWh),
        quality,
      },
    };
  };
