// Owns what bills in the payer's favour do to those of older periods: they are credits, not charges taken back.
// Leaves to test/domain/bills.test.ts the rule itself.
import { expect, test } from '@jest/globals';
import type { AccountOpened } from '../../../lambdas/domain/facts.ts';
import { getBill } from '../../../lambdas/lookup/get-bill.ts';
import { listBills } from '../../../lambdas/lookup/list-bills.ts';
import { EMPTY_VIEW, OverlaidView } from '../../../lambdas/lookup/overlaid-view.ts';
import { account, issueBill, pay, streamOf } from '../../domain/commands.ts';
import { apiEvent } from '../harness/api-event.ts';
import { calls } from '../harness/region.ts';

/** Bills of 1000, -300 and 200; 750 paid: 150 is outstanding, all of it on the newest. */
const view = new OverlaidView(EMPTY_VIEW, [
  ...streamOf(issueBill('2026-08', [1_000n])),
  ...streamOf(issueBill('2026-09', [-300n])),
  ...streamOf(issueBill('2026-10', [200n])),
  ...streamOf(pay(750n)),
]);
const context = { account: account as AccountOpened, nowMs: 0, watermarkMs: undefined };

test('in the list, and asked for one by one, the oldest is paid', async () => {
  const list = await listBills.read(view, listBills.query(apiEvent(calls.look('/bills'))), context);
  expect(list?.body).toMatchObject({
    bills: [
      { billId: 'bill_2026-10_r1', status: 'open' },
      { billId: 'bill_2026-09_r1', status: 'paid' },
      { billId: 'bill_2026-08_r1', status: 'paid' },
    ],
  });
  const path = { billId: 'bill_2026-08_r1' };
  const one = await getBill.read(view, getBill.query(apiEvent(calls.look('/bills/{billId}', { path }))), context);
  expect(one?.body).toMatchObject({ status: 'paid' });
});
