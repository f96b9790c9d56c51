// Owns the wiring of the payments function: what a worker makes once.
// Leaves to create-payments-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoEventLog } from '../adapters/dynamo/event-log.ts';
import { DynamoRequestCounter } from '../adapters/dynamo/request-counter.ts';
import { DynamoScrubbing } from '../adapters/dynamo/scrubbing.ts';
import { DynamoViewStore } from '../adapters/dynamo/view-store.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { AccountLimit } from '../shared/account-limit.ts';
import { Accounts } from '../shared/accounts.ts';
import { createBreaker } from '../shared/breaker.ts';
import { numberSetting, ownRegion, setting } from '../shared/env.ts';
import { guardViews } from '../shared/guarded-views.ts';
import { handingOver } from '../shared/handing-over.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createPaymentsHandler } from './create-payments-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('payments');
const dynamo = new Dynamo({ region });
const scrubber = { suspects: new DynamoScrubbing(dynamo, setting('regionStateTable')), telemetry };
const ledger = handingOver(new DynamoEventLog(dynamo, setting('ledgerTable')), scrubber);
const views = guardViews(
  handingOver(new DynamoViewStore(dynamo, setting('viewsTable')), scrubber),
  systemClock,
  telemetry,
);

export const handler = createPaymentsHandler({
  region,
  jurisdiction: setting('jurisdiction'),
  ledger,
  accounts: new Accounts(ledger, views),
  limit: new AccountLimit({
    budget: 'payments',
    limit: numberSetting('paymentsPerAccount'),
    counter: new DynamoRequestCounter(dynamo, setting('requestCountsTable')),
    breaker: createBreaker('counts', { clock: systemClock, telemetry }),
    clock: systemClock,
    telemetry,
  }),
  clock: systemClock,
  telemetry,
});
