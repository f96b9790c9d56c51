// Owns how much patience a worker has with its Region's view, each number with its reason.
// Leaves to adapters/dynamo/deadlines.ts how long a single request of DynamoDB may take.
import {
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IPolicy,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { ViewUnavailable } from '../ports/view-store.ts';

export const VIEW_PATIENCE = {
  /** A query inside the Region takes single milliseconds; after 1 s the ledger, 70 ms away, is the quicker way. */
  callMs: 1_000,
  /** One failure is a dropped connection; three in a row, and every further try only costs the payer a second. */
  consecutiveFailures: 3,
  /** Long enough that a worker spares a struggling table, short enough that payers are back on the view soon. */
  halfOpenAfterMs: 5_000,
} as const;

/** One a worker. Its own `isTaskCancelledError` knows no cancelled task (cockatiel 3.2.1 looks for another mark). A broken circuit and a call that took too long throw cockatiel's errors. */
export const createViewPolicy = (
  patience: { readonly [Name in keyof typeof VIEW_PATIENCE]: number } = VIEW_PATIENCE,
): IPolicy =>
  wrap(
    circuitBreaker(
      handleWhen((error) => error instanceof ViewUnavailable || error instanceof TaskCancelledError),
      { halfOpenAfter: patience.halfOpenAfterMs, breaker: new ConsecutiveBreaker(patience.consecutiveFailures) },
    ),
    timeout(patience.callMs, TimeoutStrategy.Aggressive),
  );
