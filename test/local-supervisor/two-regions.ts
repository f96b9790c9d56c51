// Owns the routing of two Regions as the templates declare it, in miniature, for tests.
import type { AppPlan, HealthCheckPlan, RecordPlan, RegionPlan } from '../../local/assembly/plan.ts';

export const HOSTNAME = 'api.us.billing.example.com';
export const targetOf = (region: string): string => `d-${region}.execute-api.${region}.amazonaws.com`;
export const hostnameOf = (region: string): string => `${region}.${HOSTNAME}`;

const regionPlan = (region: string): RegionPlan => ({
  region,
  account: '000000000000',
  functions: [],
  roles: [],
  httpApi: {
    apiId: `api-${region}`,
    routes: [],
    domains: [
      { name: HOSTNAME, regionalTarget: targetOf(region) },
      { name: hostnameOf(region), regionalTarget: targetOf(region) },
    ],
  },
  streamSources: [],
  queueSources: [],
  mail: { identities: [], configurationSets: [] },
  paging: { topics: [], callableByAlarms: [], asyncCalls: [] },
  buckets: [],
  certificates: [],
  eventRules: [],
  deploymentGroups: [],
  queues: [],
  schedules: [],
  tables: [],
  customResources: [],
});

const routingOf = (
  region: string,
  peer: string,
  failureThreshold: number,
): { checks: HealthCheckPlan[]; records: RecordPlan[] } => ({
  checks: [
    {
      kind: 'endpoint',
      id: `own-${region}`,
      hostname: hostnameOf(region),
      path: '/health',
      requestIntervalSeconds: 10,
      failureThreshold,
      inverted: false,
    },
    {
      kind: 'endpoint',
      id: `evacuated-${region}`,
      hostname: hostnameOf(peer),
      path: `/evacuated/${region}`,
      requestIntervalSeconds: 10,
      failureThreshold,
      inverted: true,
    },
    {
      kind: 'calculated',
      id: `serves-${region}`,
      children: [`own-${region}`, `evacuated-${region}`],
      healthThreshold: 2,
      inverted: false,
    },
  ],
  records: [
    {
      name: HOSTNAME,
      type: 'CNAME',
      ttlSeconds: 5,
      target: targetOf(region),
      latencyRegion: region,
      healthCheckId: `serves-${region}`,
    },
    { name: hostnameOf(region), type: 'CNAME', ttlSeconds: 60, target: targetOf(region) },
  ],
});

export const twoRegions = (
  failureThreshold = 1,
): Pick<AppPlan, 'regions' | 'records' | 'healthChecks' | 'hostname'> => {
  const east = routingOf('us-east-1', 'us-west-2', failureThreshold);
  const west = routingOf('us-west-2', 'us-east-1', failureThreshold);
  return {
    hostname: HOSTNAME,
    regions: [regionPlan('us-east-1'), regionPlan('us-west-2')],
    healthChecks: [...east.checks, ...west.checks],
    records: [...east.records, ...west.records],
  };
};

/** Payers stand in us-east-1. */
export const latencyMs = (region: string): number => (region === 'us-east-1' ? 5 : 66);
