// Owns what a worker opens with a key when it is first needed, and then keeps.
// Leaves to queue-worker.ts the work that waits until the key can be read.
import { SecretUnavailable } from '../ports/secrets.ts';
import type { Breaker } from './breaker.ts';
import { METRICS } from './metric-names.ts';
import type { Telemetry } from './telemetry.ts';

export interface OpeningDeps {
  /** Of secrets. */
  readonly breaker: Breaker;
  readonly telemetry: Telemetry;
}

/**
 * Everybody shares one opening. One that failed is forgotten, so that the next to ask tries anew. A key that is refused is an error
 * of the function, which its alarm tells and a deployment goes back on, though no message fails for it.
 */
export const openedOnce = <T>(open: () => Promise<T>, { breaker, telemetry }: OpeningDeps): (() => Promise<T>) => {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= breaker.execute(open).catch((error: unknown) => {
      opened = undefined;
      if (error instanceof SecretUnavailable && error.trouble === 'refused') telemetry.count(METRICS.internalErrors);
      throw error;
    });
    return opened;
  };
};
