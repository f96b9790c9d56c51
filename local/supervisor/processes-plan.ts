// Owns what each process of a run is told: configuration files computed from the plan, the ports and the data directory.
import { join } from 'node:path';
import type { AppPlan, RegionPlan } from '../assembly/plan.ts';
import { type RoundTripsMs, roundTripsBetween } from '../latency.ts';
import type { MovableClock } from '../movable-clock.ts';
import type { LedgerProcessConfig, PublicNames, RegionProcessConfig } from '../processes.ts';
import { regionalTargets } from '../route53/endpoints.ts';
import type { RunPorts } from './ports.ts';

export interface RunFacts {
  readonly plan: AppPlan;
  readonly ports: RunPorts;
  readonly dataDir: string;
  readonly seed: number;
  readonly clock: Pick<MovableClock, 'offsetMs'>;
}

const url = (port: number): string => `http://127.0.0.1:${port}`;

const portsOf = (ports: RunPorts, region: string) => {
  const found = ports.regions[region];
  if (found === undefined) throw new Error(`no ports for Region ${region}`);
  return found;
};

/** Every Region that takes part: replicas, witnesses, and the Regions that serve. */
const roundTripsOf = (plan: AppPlan): RoundTripsMs => {
  const witnesses = plan.globalTables.flatMap((table) => (table.witness === undefined ? [] : [table.witness]));
  return roundTripsBetween([...new Set([...plan.regions.map(({ region }) => region), ...witnesses])]);
};

export const ledgerConfig = ({ plan, ports, dataDir, seed, clock }: RunFacts): LedgerProcessConfig => ({
  dataDir: join(dataDir, 'ledger'),
  roundTripMs: roundTripsOf(plan),
  tables: plan.globalTables.filter((table) => table.consistency === 'STRONG'),
  ports: {
    engine: ports.ledgerEngine,
    admin: ports.ledgerAdmin,
    gateways: Object.fromEntries(plan.regions.map(({ region }) => [region, portsOf(ports, region).gateway])),
  },
  seed,
  clockOffsetMs: clock.offsetMs,
});

export const regionConfig = (
  facts: RunFacts,
  regionPlan: RegionPlan,
): Omit<RegionProcessConfig, 'isolated' | 'clockOffsetMs'> => {
  const { plan, ports, dataDir, seed } = facts;
  const { region } = regionPlan;
  const { edge, dynamodb, engine, admin, gateway, sqs, ses, s3 } = portsOf(ports, region);
  const others = plan.regions.filter((other) => other.region !== region);
  return {
    jurisdiction: plan.jurisdiction,
    plan: regionPlan,
    globalTables: plan.globalTables,
    alarms: plan.alarms.filter((alarm) => alarm.region === region),
    dataDir: join(dataDir, region),
    ports: { edge, dynamodb, engine, admin, sqs, ses, s3 },
    ledgerGatewayUrl: url(gateway),
    processorUrl: url(ports.processor),
    issuerUrl: url(ports.issuer),
    peers: others.map((other) => ({ region: other.region, dynamodbUrl: url(portsOf(ports, other.region).dynamodb) })),
    roundTripMs: roundTripsOf(plan),
    publicNames: publicNamesOf(facts),
    seed,
  };
};

const publicNamesOf = ({ plan, ports }: RunFacts): PublicNames => ({
  dnsPort: ports.dns,
  hostnames: [...new Set(plan.records.map(({ name }) => name))],
  targets: Object.fromEntries(regionalTargets(plan, (region) => portsOf(ports, region).edge)),
});
