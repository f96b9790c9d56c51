// Owns what bills in the payer's favour do to those of older periods: they are credits, not charges taken back; that a bill alone has the
// status that it has in the list; and how little is read for one.
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

const PERIODS = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10'];

/** Counts what is asked of the view. */
class CountedView extends OverlaidView {
  readonly asked: string[] = [];
  override stream(...args: Parameters<OverlaidView['stream']>) {
    this.asked.push(`stream ${args[0]}`);
    return super.stream(...args);
  }
  override bills(...args: Parameters<OverlaidView['bills']>) {
    this.asked.push(`bills down to ${args[0]}`);
    return super.bills(...args);
  }
}

/** Five bills of 100 with `paidMinor` paid of them. */
const fiveBills = (paidMinor: bigint): CountedView =>
  new CountedView(EMPTY_VIEW, [
    ...PERIODS.flatMap((period) => streamOf(issueBill(period, [100n]))),
    ...(paidMinor > 0n ? streamOf(pay(paidMinor)) : []),
  ]);

const statusOf = async (of: CountedView, period: string): Promise<unknown> => {
  const path = { billId: `bill_${period}_r1` };
  const answer = await getBill.read(of, getBill.query(apiEvent(calls.look('/bills/{billId}', { path }))), context);
  return (answer?.body as { status: string } | undefined)?.status;
};

test.each([
  [0n, ['open', 'open', 'open', 'open', 'open']],
  [100n, ['paid', 'open', 'open', 'open', 'open']],
  [350n, ['paid', 'paid', 'paid', 'open', 'open']],
  [400n, ['paid', 'paid', 'paid', 'paid', 'open']],
  [500n, ['paid', 'paid', 'paid', 'paid', 'paid']],
])('of five bills of 100 with %s paid, each alone is what it is in the list', async (paidMinor, statuses) => {
  const alone = await Promise.all(PERIODS.map((period) => statusOf(fiveBills(paidMinor), period)));
  expect(alone).toEqual(statuses);
  const list = await listBills.read(fiveBills(paidMinor), listBills.query(apiEvent(calls.look('/bills'))), context);
  expect(list?.body).toMatchObject({ bills: statuses.toReversed().map((status) => ({ status })) });
});

test.each([
  ['the newest, unpaid', 400n, '2026-10', ['bills down to 2026-10']],
  ['an unpaid one with newer ones', 350n, '2026-09', ['bills down to 2026-09']],
  ['one that is paid while a newer one is not', 400n, '2026-06', ['bills down to 2026-06', 'stream b#2026-06']],
  ['any, when nothing is outstanding', 500n, '2026-06', ['stream b#2026-06']],
])('what is read for %s', async (_which, paidMinor, period, asked) => {
  const of = fiveBills(paidMinor);
  await statusOf(of, period);
  expect(of.asked).toEqual(asked);
});
