// Owns the local Route 53 as a whole: checkers look, their word spreads, DNS answers by it.
// Leaves each of the three to its own file; what a Region's health is to the rest of the machine is read here.
import type { AppPlan, HealthCheckPlan } from '../assembly/plan.ts';
import { seededRandom } from '../dynamodb/seeded-random.ts';
import { chooseRecord } from './answer.ts';
import { CheckerFleet } from './checker-fleet.ts';
import { type DnsServer, startDnsServer } from './dns-server.ts';
import { type Endpoint, endpointOf, regionalTargets } from './endpoints.ts';
import { endpointHealth, type Health, type Votes } from './health.ts';
import { httpProbe, type Probe } from './probe.ts';
import { Propagation } from './propagation.ts';
import { apexOf, replyTo, type Zone } from './reply.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface Route53Options {
  readonly plan: Pick<AppPlan, 'regions' | 'records' | 'healthChecks' | 'hostname'>;
  readonly port: number;
  readonly edgePort: (region: string) => number;
  /** Round trip to a Region from where payers stand, or from another Region; milliseconds. */
  readonly latencyMs: (region: string, from?: string) => number;
  readonly seed: number;
  readonly onHealthChange: () => void;
  /** The DNS answer may have moved. */
  readonly onAnswerChange: () => void;
  readonly timers?: Timers;
  readonly probe?: Probe;
}

export interface DnsAnswer {
  readonly region: string;
  readonly target: string;
  readonly ttlSeconds: number;
}

export interface RegionHealth {
  readonly health: Health;
  readonly votes: Votes;
  readonly evacuated: boolean;
}

export interface Route53 {
  readonly port: number;
  readonly targets: ReadonlyMap<string, Endpoint>;
  /** What the hostname of the API is answered with now, to payers or to somebody who stands in `from`. */
  answer(from?: string): DnsAnswer | undefined;
  regionHealth(region: string): RegionHealth;
  stop(): Promise<void>;
}

/** The endpoint checks that speak of a Region: its own `/health`, and its peer's page that says it is evacuated. */
const checksOf = (plan: Route53Options['plan'], region: string) => {
  const byId = new Map(plan.healthChecks.map((check) => [check.id, check]));
  const record = plan.records.find((one) => one.latencyRegion === region && one.healthCheckId !== undefined);
  const root = byId.get(record?.healthCheckId ?? '');
  const candidates = root?.kind === 'calculated' ? root.children.map((id) => byId.get(id)) : [root];
  const endpoints = candidates.filter(
    (check): check is HealthCheckPlan & { kind: 'endpoint' } => check?.kind === 'endpoint',
  );
  return { own: endpoints.find((check) => !check.inverted), evacuation: endpoints.find((check) => check.inverted) };
};

const hasVotesFor = (votes: Votes): boolean => votes.counted > 0 && endpointHealth(votes) === 'healthy';

/** Resolves once DNS answers and every checker has looked once. */
export const startRoute53 = async (options: Route53Options): Promise<Route53> => {
  const { plan } = options;
  const timers = options.timers ?? systemTimers;
  const random = seededRandom(options.seed, 'route53');
  const targets = regionalTargets(plan, options.edgePort);
  const propagation = new Propagation(timers, random, options.onAnswerChange);
  const fleet = new CheckerFleet({
    checks: plan.healthChecks,
    portOf: (hostname) => endpointOf(plan, targets, hostname)?.port,
    probe: options.probe ?? httpProbe,
    timers,
    random,
    onChange: (status) => {
      propagation.tell(status);
      options.onHealthChange();
    },
  });
  const zone = (): Zone => ({
    records: plan.records,
    health: propagation.heard(),
    latencyMs: (region) => options.latencyMs(region),
    apex: apexOf(plan.records.map((record) => record.name)),
    targets: new Set([...targets.keys()].map((name) => name.toLowerCase())),
  });
  const server: DnsServer = await startDnsServer(options.port, (query) => replyTo(zone(), query));
  await fleet.start();

  return {
    port: server.port,
    targets,
    answer: (from) => {
      const record = chooseRecord({ ...zone(), latencyMs: (region) => options.latencyMs(region, from) }, plan.hostname);
      if (record === undefined) return undefined;
      const region = targets.get(record.target)?.region ?? record.latencyRegion;
      return region === undefined ? undefined : { region, target: record.target, ttlSeconds: record.ttlSeconds };
    },
    regionHealth: (region) => {
      const { own, evacuation } = checksOf(plan, region);
      const votes = own === undefined ? { healthy: 0, counted: 0, total: 0 } : fleet.votes(own.id);
      return {
        health: endpointHealth(votes),
        votes,
        evacuated: evacuation !== undefined && hasVotesFor(fleet.votes(evacuation.id)),
      };
    },
    stop: async () => {
      fleet.stop();
      propagation.stop();
      await server.close();
    },
  };
};
