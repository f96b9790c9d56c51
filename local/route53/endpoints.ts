// Owns which port of this machine stands for which public name: here every host is 127.0.0.1 and only ports differ.
// Leaves to answer.ts what DNS says; DNS carries no ports, so whoever connects asks here.
import type { AppPlan } from '../assembly/plan.ts';
import { chaseRecords } from './answer.ts';

export interface Endpoint {
  readonly region: string;
  readonly port: number;
}

/** API Gateway's regional targets (`d-….execute-api…`), each with the edge of its Region. */
export const regionalTargets = (
  plan: Pick<AppPlan, 'regions'>,
  edgePort: (region: string) => number,
): ReadonlyMap<string, Endpoint> =>
  new Map(
    plan.regions.flatMap(({ region, httpApi }) =>
      httpApi.domains.map(({ regionalTarget }) => [regionalTarget, { region, port: edgePort(region) }] as const),
    ),
  );

/** Where `hostname` leads without any health or latency: a target itself, or a Region's own hostname. */
export const endpointOf = (
  plan: Pick<AppPlan, 'records'>,
  targets: ReadonlyMap<string, Endpoint>,
  hostname: string,
): Endpoint | undefined => {
  const fixed = plan.records.filter((record) => record.latencyRegion === undefined);
  const chain = chaseRecords({ records: fixed, health: new Map(), latencyMs: () => 0 }, hostname);
  return targets.get(chain.at(-1)?.target ?? hostname);
};
