// Owns the breaker between a worker and one downstream: while it is open no request is made, and the worker knows.
// Leaves to policies.ts the numbers, to queue-worker.ts what becomes of the work meanwhile.
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import { ArchiveUnavailable } from '../ports/archive.ts';
import { CatalogUnavailable } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import { LedgerUnavailable } from '../ports/event-log.ts';
import { NotDelivered } from '../ports/notifier.ts';
import { ProcessorUnavailable } from '../ports/processor.ts';
import { ReadingsUnavailable } from '../ports/readings.ts';
import { RequestCounterUnavailable } from '../ports/request-counter.ts';
import { SecretUnavailable } from '../ports/secrets.ts';
import { ViewUnavailable } from '../ports/view-store.ts';
import type { Downstream } from './metric-names.ts';
import { BREAKERS, type BreakerPolicy } from './policies.ts';
import type { Telemetry } from './telemetry.ts';

/** No request was made: the downstream has failed too often. */
export class DownstreamPaused extends Error {
  override readonly name = 'DownstreamPaused';
  constructor(readonly downstream: Downstream) {
    super(`${downstream} has failed too often: no request is made for now`);
  }
}

export interface Breaker {
  readonly downstream: Downstream;
  /** @throws DownstreamPaused while it is open, and whatever `request` throws */
  execute<T>(request: () => Promise<T>): Promise<T>;
  /** Whether requests are held back: nothing should even be begun. False when one is due that finds out. */
  isPaused(): boolean;
  /** Whether `error` says that the downstream was away, or was held to be. */
  isOutage(error: unknown): boolean;
}

/** Which errors say that it is away; declines and other answers do not. */
const FAILURES: Readonly<Record<Downstream, (error: unknown) => boolean>> = {
  ledger: (error) => error instanceof LedgerUnavailable,
  views: (error) => error instanceof ViewUnavailable,
  catalog: (error) => error instanceof CatalogUnavailable,
  readings: (error) => error instanceof ReadingsUnavailable,
  processor: (error) => error instanceof ProcessorUnavailable,
  notices: (error) => error instanceof NotDelivered,
  counts: (error) => error instanceof RequestCounterUnavailable,
  mail: (error) => error instanceof NotDelivered,
  archive: (error) => error instanceof ArchiveUnavailable,
  secrets: (error) => error instanceof SecretUnavailable,
};

export interface BreakerOptions {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly policy?: BreakerPolicy;
}

/** One a worker and downstream: what one worker learns another learns by itself, within a few requests. */
export const createBreaker = (
  downstream: Downstream,
  { clock, telemetry, policy = BREAKERS[downstream] }: BreakerOptions,
): Breaker => {
  const isFailure = FAILURES[downstream];
  const { consecutiveFailures, halfOpenAfterMs } = policy;
  const circuit = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(consecutiveFailures),
  });
  let openedAtMs = 0;
  circuit.onBreak(() => {
    openedAtMs = clock.nowMs();
    telemetry.breakerOpened(downstream);
  });
  return {
    downstream,
    execute: async (request) => {
      try {
        return await circuit.execute(request);
      } catch (error) {
        throw isBrokenCircuitError(error) ? new DownstreamPaused(downstream) : error;
      }
    },
    isPaused: () => circuit.state === CircuitState.Open && clock.nowMs() - openedAtMs < halfOpenAfterMs,
    isOutage: (error) => (error instanceof DownstreamPaused ? error.downstream === downstream : isFailure(error)),
  };
};

/** `port` with every method behind `breaker`. */
export const guarded = <Port extends object>(port: Port, breaker: Breaker): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => breaker.execute(async () => Reflect.apply(member, target, args));
    },
  });
