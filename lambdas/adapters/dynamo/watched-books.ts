// Owns how a function that serves payers opens the ledger and its Region's view: damage met in either is handed to the scrubber.
// Leaves to shared/handing-over.ts and shared/guarded-views.ts what each of them does.
import type { Clock } from '../../ports/clock.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { setting } from '../../shared/env.ts';
import { guardViews, type ViewReads } from '../../shared/guarded-views.ts';
import { handingOver } from '../../shared/handing-over.ts';
import { TIMEOUTS } from '../../shared/policies.ts';
import type { Telemetry } from '../../shared/telemetry.ts';
import type { Dynamo } from './client.ts';
import { DynamoEventLog } from './event-log.ts';
import { DynamoScrubbing } from './scrubbing.ts';
import { DynamoViewStore } from './view-store.ts';

interface Watched {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The tables are those that the function's settings name. */
export const openWatchedBooks = (
  dynamo: Dynamo,
  { clock, telemetry }: Watched,
): { readonly ledger: EventLog; readonly views: ViewReads } => {
  const scrubber = { suspects: new DynamoScrubbing(dynamo, setting('regionStateTable')), telemetry };
  return {
    ledger: handingOver(new DynamoEventLog(dynamo, setting('ledgerTable')), scrubber),
    views: guardViews(handingOver(viewStore(dynamo), scrubber), clock, telemetry),
  };
};

/** The view alone, for functions that only look whether an account is there. */
export const openViews = (dynamo: Dynamo, { clock, telemetry }: Watched): ViewReads =>
  guardViews(viewStore(dynamo), clock, telemetry);

const viewStore = (dynamo: Dynamo): DynamoViewStore =>
  new DynamoViewStore(dynamo.within(TIMEOUTS.viewCallMs), setting('viewsTable'));
