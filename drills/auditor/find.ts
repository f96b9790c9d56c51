// Owns what is found once a drill's faults are over: the ledger's payments, both views' balances, the processor's own books.
// Leaves to auditor.ts the count of lost and doubled payments.
import type { Arrival } from '../load/open-load.ts';
import type { Harness } from '../pair/harness.ts';
import { booksOf } from '../pair/own-run.ts';
import type { Findings } from '../recording.ts';
import type { Audit } from './auditor.ts';

const VIEWS_WITHIN_MS = 60_000;

export const find = async (baseload: Harness, arrivals: readonly Arrival[], audit: Audit): Promise<Findings> => {
  const paidMinor = new Map<string, number>();
  for (const { accountId, amountMinor, acknowledged } of arrivals)
    if (acknowledged) paidMinor.set(accountId, (paidMinor.get(accountId) ?? 0) + amountMinor);
  const agreeingViews: string[] = [];
  for (const region of baseload.regionNames)
    if (await viewAgrees(baseload, region, paidMinor)) agreeingViews.push(region);

  const paid = new Set(arrivals.map(({ acknowledged }) => acknowledged?.paymentId));
  const collected = new Map<string, number>();
  for (const { paymentId, status } of (await booksOf(baseload)).charges)
    if (status === 'collected' && paid.has(paymentId)) collected.set(paymentId, (collected.get(paymentId) ?? 0) + 1);
  return {
    audit,
    agreeingViews,
    chargedTwice: [...collected.values()].filter((times) => times > 1).length,
    settled: collected.size,
  };
};

/** Whether every account's balance becomes what was paid within a minute; each is asked for until it is. */
const viewAgrees = async (
  baseload: Harness,
  region: string,
  paidMinor: ReadonlyMap<string, number>,
): Promise<boolean> => {
  const token = await baseload.token({ accounts: [...paidMinor.keys()], scope: 'billing:read' });
  const open = new Map(paidMinor);
  const allAgree = async (): Promise<boolean> => {
    for (const [account, minor] of open) {
      const { body } = await baseload.region(region, 'GET', `/v1/accounts/${account}`, { token });
      if (body.balanceMinor !== -minor) return false;
      open.delete(account);
    }
    return true;
  };
  return baseload.waitFor('the view agrees', allAgree, VIEWS_WITHIN_MS).then(
    () => true,
    () => false,
  );
};
