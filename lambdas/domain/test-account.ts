// Owns which accounts are nobody's: their payments are taken like any other, and none is ever charged (D25).
// Leaves to adapters/test-account-processor.ts how such a payment ends.
import type { AccountId } from './ids.ts';

/** After the jurisdiction: `us_test-2026q4`. No account of a payer may begin so. */
const TEST_ACCOUNT = /^[a-z]{2}_test-/;

export const isTestAccount = (id: AccountId): boolean => TEST_ACCOUNT.test(id);
