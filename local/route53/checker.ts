// Owns what one Route 53 checker believes of an endpoint: consecutive looks, counted against the threshold.
// Leaves to health.ts what sixteen of them say together.

export type CheckerBelief =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'healthy'; readonly failuresInARow: number }
  | { readonly kind: 'unhealthy'; readonly successesInARow: number };

export const UNKNOWN: CheckerBelief = { kind: 'unknown' };

/**
 * The belief after one more look. The first look decides alone; after it, a belief turns when `failureThreshold` looks
 * in a row contradict it, in both directions.
 * Source: Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy".
 */
export const afterLook = (belief: CheckerBelief, succeeded: boolean, failureThreshold: number): CheckerBelief => {
  if (failureThreshold < 1) throw new RangeError(`failureThreshold is at least 1, got ${failureThreshold}`);
  const healthy: CheckerBelief = { kind: 'healthy', failuresInARow: 0 };
  const unhealthy: CheckerBelief = { kind: 'unhealthy', successesInARow: 0 };
  switch (belief.kind) {
    case 'unknown':
      return succeeded ? healthy : unhealthy;
    case 'healthy': {
      if (succeeded) return healthy;
      const failuresInARow = belief.failuresInARow + 1;
      return failuresInARow >= failureThreshold ? unhealthy : { kind: 'healthy', failuresInARow };
    }
    case 'unhealthy': {
      if (!succeeded) return unhealthy;
      const successesInARow = belief.successesInARow + 1;
      return successesInARow >= failureThreshold ? healthy : { kind: 'unhealthy', successesInARow };
    }
  }
};
