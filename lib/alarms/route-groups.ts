// Owns the groups that the API's routes are watched in, and the alarms that each of them has: failures, slowness, fullness.
// Leaves to golden-signals.ts what those look at. Crashes and 500s ring by function, since they roll a version back.
import type { Slug } from '../../lambdas/shared/names.ts';
import type { Tier } from './areas.ts';

interface RouteGroup {
  /** The functions that serve it; the first has most of its requests. */
  readonly functions: readonly [Slug, ...Slug[]];
  readonly tier: Tier;
  readonly asked: string;
}

export const ROUTE_GROUPS = {
  payments: { functions: ['payments'], tier: 'P1', asked: 'payments' },
  lookups: { functions: ['lookup'], tier: 'P1', asked: 'lookups' },
  operations: { functions: ['operations', 'tariffs'], tier: 'P2', asked: 'operators’ requests' },
  readings: { functions: ['readings'], tier: 'P2', asked: 'files of readings' },
} as const satisfies Record<string, RouteGroup>;

export type RouteGroupName = keyof typeof ROUTE_GROUPS;
export type RouteFunction = (typeof ROUTE_GROUPS)[RouteGroupName]['functions'][number];
export const ROUTE_GROUP_NAMES = Object.keys(ROUTE_GROUPS) as readonly RouteGroupName[];

export type GoldenSlug = `${RouteGroupName}-${'unavailable' | 'latency' | 'saturation'}`;

export const goldenEntries = ROUTE_GROUP_NAMES.flatMap((name) => {
  const { tier, asked } = ROUTE_GROUPS[name];
  const entry = <Signal extends string>(signal: Signal, meaning: string) =>
    ({ slug: `${name}-${signal}` as const, tier, area: 'payers', meaning }) as const;
  return [
    entry('unavailable', `many ${asked} are answered with 5xx, foreseen or not`),
    entry('latency', `${asked} take much longer than they should`),
    entry('saturation', `${asked} use nearly all the concurrency that is kept for them: more would be refused`),
  ];
});
