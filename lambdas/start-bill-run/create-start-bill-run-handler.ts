// Owns the start of a bill run: one message on `bill-runs` for every account with a meter, a page at a time.
// Leaves to issue-bills whether there is anything to bill; a message too many does no harm.
import { type Period, period } from '../domain/ids.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import { encodeBillRun } from '../shared/messages.ts';
import { METRICS } from '../shared/metric-names.ts';
import { RUNS } from '../shared/policies.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export interface StartBillRunDeps {
  readonly catalog: Pick<Catalog, 'accountsWithMeters'>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const { pageItems, maxPages } = RUNS.billRun;

/** @throws Error when accounts are left out: the schedule's retry, or the next day's run, starts over */
export const createStartBillRunHandler =
  ({ catalog, queue, clock, telemetry }: StartBillRunDeps) =>
  async (): Promise<void> => {
    const month = monthBefore(clock.nowMs());
    let failed = 0;
    let next: { readonly cursor?: string } | undefined = {};
    for (let pages = 0; next !== undefined && pages < maxPages; pages++) {
      const { accountIds, cursor } = await catalog.accountsWithMeters({ limit: pageItems, ...next });
      const messages = accountIds.map((accountId) => ({ body: encodeBillRun({ accountId, period: month }) }));
      const sent = await queue.send(messages);
      failed += sent.failed.length;
      telemetry.count(METRICS.billRunAccounts, accountIds.length - sent.failed.length);
      next = cursor === undefined ? undefined : { cursor };
    }
    telemetry.flush();
    if (failed > 0) throw new Error(`${failed} accounts of the bill run ${month} were not put on the queue`);
    if (next !== undefined) throw new Error(`the bill run ${month} ended after ${maxPages} pages with accounts left`);
  };

/** Of UTC: the schedule leaves a day, after which the month is over in every zone. @throws RangeError beyond the year 9999 */
const monthBefore = (nowMs: number): Period => {
  const now = new Date(nowMs);
  const month = period(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7));
  if (month === undefined) throw new RangeError(`no month comes before ${nowMs} ms`);
  return month;
};
