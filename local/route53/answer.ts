// Owns which records a query is answered with: latency among the healthy, everyone when nobody is.
// Leaves to dns-server.ts the wire, and to health.ts who is healthy.
import type { RecordPlan } from '../assembly/plan.ts';
import type { Health } from './health.ts';

export interface ZoneView {
  readonly records: readonly RecordPlan[];
  /** The status DNS has heard of, by health check id. */
  readonly health: ReadonlyMap<string, Health>;
  /** Round trip from where the payer's resolver stands to a Region, milliseconds. */
  readonly latencyMs: (region: string) => number;
}

const sameName = (one: string, other: string): boolean =>
  one.replace(/\.$/, '').toLowerCase() === other.replace(/\.$/, '').toLowerCase();

const isHealthy = (record: RecordPlan, health: ZoneView['health']): boolean =>
  record.healthCheckId === undefined || (health.get(record.healthCheckId) ?? 'healthy') === 'healthy';

/** The record that answers for `name`, or undefined when the zone has none. With every record unhealthy all are candidates. */
export const chooseRecord = (zone: ZoneView, name: string): RecordPlan | undefined => {
  const named = zone.records.filter((record) => sameName(record.name, name));
  const healthy = named.filter((record) => isHealthy(record, zone.health));
  const candidates = healthy.length > 0 ? healthy : named;
  const latency = (record: RecordPlan): number =>
    record.latencyRegion === undefined ? 0 : zone.latencyMs(record.latencyRegion);
  return [...candidates].sort((one, other) => latency(one) - latency(other) || (one.target < other.target ? -1 : 1))[0];
};

/** The CNAMEs from `name` on, as far as this zone knows them. Bounded, so that a loop in the records cannot hang it. */
export const chaseRecords = (zone: ZoneView, name: string): readonly RecordPlan[] => {
  const chain: RecordPlan[] = [];
  let next = name;
  while (chain.length < MAX_CHAIN) {
    const record = chooseRecord(zone, next);
    if (record === undefined) break;
    chain.push(record);
    next = record.target;
  }
  return chain;
};

const MAX_CHAIN = 8;
