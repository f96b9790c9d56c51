// Owns `GET /v1/accounts/{accountId}/balance`: what was owed as of an instant, and whether that can still change.
// Leaves to the views the sums of months and days.
import { toWire } from '../domain/money.ts';
import { balanceOf } from '../domain/sums.ts';
import { balanceQuery } from '../shared/schemas/queries.ts';
import type { AccountRoute, ReadContext } from './account-route.ts';
import { LAST_INSTANT_MS } from './account-view.ts';
import { readQuery } from './read-query.ts';

/** A Region that was cut off may bring facts of back then for this long (DESIGN D2). */
const SETTLED_AFTER_MS = 60_000;

export const getBalance: AccountRoute<number | undefined> = {
  query: (event) => {
    const { asOf } = readQuery(event, balanceQuery);
    return asOf === undefined ? undefined : Math.min(Math.max(0, Date.parse(asOf)), LAST_INSTANT_MS - 1);
  },
  read: async (view, asOfMs, context) => {
    // Now has no filter in time: a fact may be up to 2 s ahead of this clock.
    const balance = asOfMs === undefined ? balanceOf(await view.sums()) : await view.balanceBefore(asOfMs + 1);
    const instantMs = asOfMs ?? context.nowMs;
    return {
      body: {
        asOf: new Date(instantMs).toISOString(),
        balanceMinor: toWire(balance),
        currency: context.account.currency,
        provisional: isProvisional(instantMs, context),
      },
    };
  },
};

const isProvisional = (instantMs: number, { nowMs, watermarkMs }: ReadContext): boolean =>
  nowMs - instantMs < SETTLED_AFTER_MS || watermarkMs === undefined || watermarkMs < instantMs;
