// Owns how much patience a worker has with what it depends on, each number with its reason.
// Leaves to adapters/dynamo/deadlines.ts how long a single request of DynamoDB may take.
import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IPolicy,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { ProcessorUnavailable } from '../ports/processor.ts';
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

export const PROCESSOR_PATIENCE = {
  /** Processors answer a card in 1 to 3 s, and at the worst in about 10; a batch of ten in parallel stays within the function's time. */
  callMs: 10_000,
  /** A few requests fail on any day; five in a row are an outage, and each of them may have cost its message a receive. */
  consecutiveFailures: 5,
  /** One request of a worker finds out whether it is over. */
  halfOpenAfterMs: 5_000,
  /** While it lasts a message comes again after 20 to 40 s, spread so that the recovered processor is not met by all at once. */
  pausedDelaySeconds: 20,
} as const;

/** One a worker. Declines are answers: only what leaves the outcome open counts against the processor. */
export const createProcessorBreaker = (
  patience: Pick<
    { readonly [Name in keyof typeof PROCESSOR_PATIENCE]: number },
    'consecutiveFailures' | 'halfOpenAfterMs'
  > = PROCESSOR_PATIENCE,
): CircuitBreakerPolicy =>
  circuitBreaker(
    handleWhen((error) => error instanceof ProcessorUnavailable),
    { halfOpenAfter: patience.halfOpenAfterMs, breaker: new ConsecutiveBreaker(patience.consecutiveFailures) },
  );

/** A receiver of webhooks writes the notice down and answers; one that needs longer is told again. */
export const NOTICE_TIMEOUT_MS = 10_000;
