// Owns the wiring of the payments function: what a worker makes once.
// Leaves to create-payments-handler.ts what it does.
import { Dynamo } from '../adapters/dynamo/client.ts';
import { DynamoRequestCounter } from '../adapters/dynamo/request-counter.ts';
import { openWatchedBooks } from '../adapters/dynamo/watched-books.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { AccountLimit } from '../shared/account-limit.ts';
import { Accounts } from '../shared/accounts.ts';
import { createBreaker } from '../shared/breaker.ts';
import { numberSetting, ownRegion, setting } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry.ts';
import { createPaymentsHandler } from './create-payments-handler.ts';

const region = ownRegion();
const telemetry = createTelemetry('payments');
const dynamo = new Dynamo({ region });
const { ledger, views } = openWatchedBooks(dynamo, { clock: systemClock, telemetry });

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
