// Owns that functions have started before anything is timed: here they start on the cores that serve payers, which on Lambda they do not.
// Leaves to the scenarios what is timed.
import { openAccounts } from '../auditor/auditor.ts';
import type { Harness } from './harness.ts';

const ACCOUNTS = ['us_warm-up-0', 'us_warm-up-1', 'us_warm-up-2', 'us_warm-up-3'];
const ROUNDS = 3;

/** A few payments and lookups in both Regions, on accounts of their own, and all the work that follows them. */
export const warmUp = async (baseload: Harness): Promise<void> => {
  await openAccounts(baseload, ACCOUNTS);
  const token = await baseload.token({ accounts: ACCOUNTS, scope: 'billing:pay billing:read' });
  for (const region of baseload.regionNames) {
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        ACCOUNTS.map(async (account) => {
          const idempotencyKey = `warm-up-${region}-${round}`;
          const body = { amountMinor: 100, currency: 'USD', method: 'card' };
          await baseload.region(region, 'POST', `/v1/accounts/${account}/payments`, { token, idempotencyKey, body });
          await baseload.region(region, 'GET', `/v1/accounts/${account}`, { token });
        }),
      );
    }
  }
};
