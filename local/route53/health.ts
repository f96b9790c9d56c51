// Owns when a health check is healthy: the vote of an endpoint's checkers, inversion, and checks made of other checks.
// Leaves to checker-fleet.ts how the looks are taken and to propagation.ts when DNS hears of it.
import type { HealthCheckPlan } from '../assembly/plan.ts';
import type { CheckerBelief } from './checker.ts';

export type Health = 'healthy' | 'unhealthy';

/** An endpoint is healthy while more than this share of its checkers say so (Route 53 Developer Guide). */
export const HEALTHY_SHARE = 0.18;

export interface Votes {
  readonly healthy: number;
  /** Checkers that have looked at least once. */
  readonly counted: number;
  readonly total: number;
}

export const countVotes = (beliefs: readonly CheckerBelief[]): Votes => ({
  healthy: beliefs.filter((belief) => belief.kind === 'healthy').length,
  counted: beliefs.filter((belief) => belief.kind !== 'unknown').length,
  total: beliefs.length,
});

/** Before anyone has looked an endpoint counts as healthy, as a new health check does at Route 53. */
export const endpointHealth = (votes: Votes): Health =>
  votes.counted === 0 || votes.healthy / votes.counted > HEALTHY_SHARE ? 'healthy' : 'unhealthy';

const inverted = (health: Health): Health => (health === 'healthy' ? 'unhealthy' : 'healthy');

/**
 * The status of every check, calculated ones included, from what the endpoints' checkers say before inversion.
 * @throws Error when a calculated check names a child that does not exist or contains itself.
 */
export const statusOfChecks = (
  checks: readonly HealthCheckPlan[],
  endpoints: ReadonlyMap<string, Health>,
): ReadonlyMap<string, Health> => {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const done = new Map<string, Health>();
  const statusOf = (id: string, path: readonly string[]): Health => {
    const known = done.get(id);
    if (known !== undefined) return known;
    const check = byId.get(id);
    if (check === undefined) throw new Error(`health check ${path.at(-1) ?? '?'} names ${id}, which does not exist`);
    if (path.includes(id)) throw new Error(`health check ${id} contains itself: ${[...path, id].join(' → ')}`);
    const plain = check.kind === 'endpoint' ? (endpoints.get(id) ?? 'healthy') : calculated(check, [...path, id]);
    const status = check.inverted ? inverted(plain) : plain;
    done.set(id, status);
    return status;
  };
  const calculated = (check: HealthCheckPlan & { kind: 'calculated' }, path: readonly string[]): Health => {
    const healthyChildren = check.children.filter((child) => statusOf(child, path) === 'healthy').length;
    return healthyChildren >= check.healthThreshold ? 'healthy' : 'unhealthy';
  };
  return new Map(checks.map((check) => [check.id, statusOf(check.id, [])]));
};
