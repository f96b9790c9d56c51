// Owns the breaker between a worker and its Region's view: every read goes through it, every way to fail looks the same behind it.
// Leaves to policies.ts the numbers, and to the readers where they turn when the view is not there.
import type { Clock } from '../ports/clock.ts';
import { CorruptFact } from '../ports/event-log.ts';
import { type ViewStore, ViewUnavailable } from '../ports/view-store.ts';
import { createBreaker, DownstreamPaused } from './breaker.ts';
import { METRICS } from './metric-names.ts';
import { BREAKERS, type BreakerPolicy } from './policies.ts';
import type { Telemetry } from './telemetry.ts';

/** What may be read of a view. */
export type ViewReads = Omit<ViewStore, 'apply'>;

/** Whatever goes wrong, the methods throw ViewUnavailable: a view is disposable, the ledger is not. */
export const guardViews = (
  views: ViewReads,
  clock: Clock,
  telemetry: Telemetry,
  policy: BreakerPolicy = BREAKERS.views,
): ViewReads => {
  const breaker = createBreaker('views', { clock, telemetry, policy });
  const guarded = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await breaker.execute(read);
    } catch (error) {
      if (error instanceof CorruptFact) {
        telemetry.count(METRICS.corruptFact);
        const { accountId, key: factKey, reason } = error;
        telemetry.error('corrupt fact in the view', { accountId, factKey, reason });
      } else if (!(error instanceof DownstreamPaused)) {
        throw error;
      }
      throw new ViewUnavailable('the view cannot be read', { cause: error });
    }
  };
  return {
    sums: (accountId) => guarded(() => views.sums(accountId)),
    fact: (accountId, key) => guarded(() => views.fact(accountId, key)),
    stream: (accountId, stream) => guarded(() => views.stream(accountId, stream)),
    bills: (accountId, page) => guarded(() => views.bills(accountId, page)),
    timeline: (accountId, page) => guarded(() => views.timeline(accountId, page)),
    balanceBefore: (accountId, instantMs) => guarded(() => views.balanceBefore(accountId, instantMs)),
  };
};
